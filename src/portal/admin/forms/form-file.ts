/** A form as a file: its HTML as it is, below one line that says what the form is called. */

const HEAD = /^<!-- casement-form (\S+) -->\r?\n/;
/** Beyond what a form may have, so that its editor can say so, and far below what a page could not hold. */
export const MAX_FILE_BYTES = 2 * 1024 * 1024;

export function toFile(name: string, html: string): string {
  // A name may hold what would end the comment.
  return `<!-- casement-form ${encodeURIComponent(name).replaceAll('-', '%2D')} -->\n${html}`;
}

/** Any HTML file will do; one without our line is called as the file is. */
export function fromFile(fileName: string, text: string): { name: string; html: string } {
  const head = HEAD.exec(text);
  const name = head ? decoded(head[1] ?? '') : undefined;
  return {
    name: (name ?? fileName.replace(/\.[a-z]+$/i, '')).trim().slice(0, 80) || 'Form',
    html: head ? text.slice(head[0].length) : text,
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
