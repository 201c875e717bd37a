import { describe, expect, it } from 'vitest';
import { sanitizeForm } from './sanitize.ts';

function clean(html: string): string {
  const holder = document.createElement('div');
  holder.append(sanitizeForm(html).fragment);
  return holder.innerHTML;
}

const removed = (html: string) => sanitizeForm(html).findings.map(({ code, subject }) => `${code} ${subject}`);

describe('a sanitised form', () => {
  it('keeps controls, text, lists, tables and headings', () => {
    const html =
      '<h2>Queue</h2><ul><li>one</li></ul><table><tbody><tr><td colspan="2">x</td></tr></tbody></table>' +
      '<fieldset><legend>Q</legend><label>A <input type="checkbox" value="a" checked="" autocomplete="off"></label></fieldset>';
    expect(clean(html)).toBe(html);
  });

  it('drops what loads, links, navigates, styles or scripts', () => {
    expect(
      clean(
        '<a href=x>a</a><img src=x onerror=alert(1)><form action=//evil><p style="color:red" onclick=x>p</p></form>' +
          '<style>p{}</style><svg><script>1</script></svg><math><mi>x</mi></math><iframe src=x></iframe><link rel=stylesheet href=x>' +
          '<base href=//evil><meta http-equiv=refresh content=0><object data=x></object><video src=x></video><x-y>kept</x-y>',
      ),
    ).toBe('a<p>p</p>kept');
  });

  it('drops attributes that act on the page around', () => {
    expect(
      clean(
        '<button command=show-modal commandfor=dialog popovertarget=menu formaction=//evil form=f data-bs-toggle=collapse data-bs-target="#app" autofocus type=submit>b</button>',
      ),
    ).toBe('<button type="button">b</button>');
  });

  it('prefixes names and ids, and what refers to ids', () => {
    const { fragment } = sanitizeForm(
      '<label for="cpu">CPU</label><input id="cpu" name="name" list="l" aria-describedby="a b"><datalist id="l"></datalist>',
    );
    const attributes = [...fragment.querySelectorAll('*')].map((element) =>
      Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
    );
    expect(attributes).toEqual([
      { for: 'user-content-cpu' },
      {
        id: 'user-content-cpu',
        name: 'user-content-name',
        list: 'user-content-l',
        'aria-describedby': 'user-content-a user-content-b',
        autocomplete: 'off',
      },
      { id: 'user-content-l' },
    ]);
  });

  it.each(['name', 'title', 'action', 'location', 'cookie', 'submit', 'elements', 'id', 'length', 'a.b', '名前'])(
    'keeps a control named %s',
    (name) => {
      const { fragment } = sanitizeForm(`<input name="${name}">`);
      expect(fragment.querySelector('input')?.getAttribute('name')).toBe(`user-content-${name}`);
    },
  );

  it('keeps only classes that lay out and dress', () => {
    expect(clean('<div class="row g-2 position-fixed vw-100 stretched-link modal-backdrop z-3 mt-n5">x</div>')).toBe(
      '<div class="row g-2">x</div>',
    );
    expect(clean('<input class="form-control sr-only" autocomplete="off"><span class="sr-only">x</span>')).toBe(
      '<input class="form-control" autocomplete="off"><span class="sr-only">x</span>',
    );
  });

  it('removes controls of other types, and never leaves a value of a text box in an attribute', () => {
    expect(
      clean('<input type=password name=p><input type=HIDDEN name=h><input type=file><input type=image src=x>'),
    ).toBe('');
    expect(clean('<input type=text value=secret name=a>')).not.toContain('secret');
    expect(removed('<input type=password name=p>')).toContain('type-removed password');
  });

  it('reads curly quotes and open elements', () => {
    const { fragment } = sanitizeForm('<div class=”form-group”><input type=”number” name=”cpu”>');
    const input = fragment.querySelector('.form-group input');
    expect(input).toMatchObject({ type: 'number' });
    expect(input?.getAttribute('name')).toBe('user-content-cpu');
  });

  it('keeps a colon in a placeholder and our own data attributes', () => {
    expect(clean('<input placeholder="host:port" data-type="number" data-show-when="a=b:c" autocomplete="off">')).toBe(
      '<input placeholder="host:port" data-type="number" data-show-when="a=b:c" autocomplete="off">',
    );
  });

  it('becomes empty when it is beyond the limits, and says so', () => {
    expect(removed('x'.repeat(1024 * 1024 + 1))).toEqual(['too-big 1048577']);
    expect(removed('<div>'.repeat(600))).toEqual(['too-deep div']);
    // So deep that jsdom, which caps nothing, overflows.
    expect(clean('<div>'.repeat(2_500))).toBe('');
    expect(removed('<br>'.repeat(30_000))).toEqual(['too-many-elements 30000']);
    expect(clean('<frameset><frame src=x></frameset>')).toBe('');
  }, 20_000);
});
