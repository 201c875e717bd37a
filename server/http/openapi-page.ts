/** A page to read the API's description by: no script, no style of its own that a strict policy would refuse. */

interface Operation {
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly { readonly name?: string; readonly in?: string; readonly schema?: unknown }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> };
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> }>
  >;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function schemaBlock(title: string, schema: unknown): string {
  if (schema === undefined) return '';
  const text = escapeHtml(JSON.stringify(schema, null, 2));
  return `<details><summary>${escapeHtml(title)}</summary><pre>${text}</pre></details>`;
}

function operationBlock(method: string, path: string, operation: Operation): string {
  const parameters = Object.fromEntries(
    (operation.parameters ?? []).map(({ name = '', in: place = '', schema }) => [`${name} (${place})`, schema]),
  );
  const body = operation.requestBody?.content?.['application/json']?.schema;
  const result = operation.responses?.['200']?.content?.['application/json']?.schema;
  const login = operation.security?.length ? 'login needed' : 'no login needed';
  return [
    `<section><h2><code>${escapeHtml(method.toUpperCase())} ${escapeHtml(path)}</code></h2>`,
    `<p>${escapeHtml(operation.summary ?? '')} (${login})</p>`,
    Object.keys(parameters).length > 0 ? schemaBlock('Parameters', parameters) : '',
    schemaBlock('Body', body),
    schemaBlock('Result', result),
    '</section>',
  ].join('');
}

/** `document` is an OpenAPI description; what it lacks is left out. */
export function renderDocs(document: {
  readonly info?: { readonly title?: string; readonly version?: string };
  readonly paths?: Readonly<Record<string, object | undefined>>;
}): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries<Operation>({ ...methods }).map(([method, operation]) => operationBlock(method, path, operation)),
  );
  const title = escapeHtml(`${document.info?.title ?? ''} API ${document.info?.version ?? ''}`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title></head><body><main><h1>${title}</h1><p>As a document for programs: <a href="/api/openapi.json">openapi.json</a></p>${operations.join('')}</main></body></html>`;
}
