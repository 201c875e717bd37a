/** Hands a text to the browser's downloads, as a file. */
export function download(fileName: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The click has taken the address; the browser may still read from it in this task.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
