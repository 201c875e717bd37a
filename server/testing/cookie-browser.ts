/** What of a browser a login by an identity provider needs. */

/** A browser: cookies by host, redirects followed one at a time. */
export class CookieBrowser {
  readonly #cookies = new Map<string, Map<string, string>>();
  readonly visited: string[] = [];

  async go(
    url: string,
    init: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const { host } = new URL(url);
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    this.visited.push(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', ...init, headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /expires=Thu, 01 Jan 1970|max-age=0/i.test(line)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  cookie(url: string, name: string): string | undefined {
    return this.#cookies.get(new URL(url).host)?.get(name);
  }

  /** Follows redirects, and fills in the provider's own pages, until one of ours that is no redirect. */
  async follow(url: string, stopAt: (url: string) => boolean = () => false): Promise<string> {
    let next = url;
    for (let i = 0; i < 20; i++) {
      if (stopAt(next)) return next;
      const response = await this.go(next);
      const location = response.headers.get('location');
      if (location !== null) {
        next = new URL(location, next).href;
        continue;
      }
      const page = await response.text();
      const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
      if (action === undefined) return next;
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? 'login';
      const posted = await this.go(action, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ prompt, login: 'someone', password: 'x' }).toString(),
      });
      next = new URL(posted.headers.get('location') ?? '', action).href;
    }
    throw new Error(`no end: ${this.visited.join('\n')}`);
  }
}
