/** What the host says to the server's log. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
