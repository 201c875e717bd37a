/** What a paste brings; small, since it has to be there when the browser tells of one. */

export interface LocalContent {
  readonly text?: string;
  readonly html?: string;
  readonly png?: Blob;
}

export function isEmpty({ text, html, png }: LocalContent): boolean {
  return !text && !html && !png;
}

/** What was pasted. Has to be called while the event is handled. */
export function ofTransfer(data: DataTransfer): LocalContent {
  const png = [...data.items].find(({ kind, type }) => kind === 'file' && type === 'image/png')?.getAsFile();
  const text = data.getData('text/plain');
  const html = data.getData('text/html');
  return { ...(text ? { text } : {}), ...(html ? { html } : {}), ...(png ? { png } : {}) };
}
