/** A viewer failed to do what it was asked, or did not answer. `name` is a code of the error catalogue. */
export class ViewerError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}
