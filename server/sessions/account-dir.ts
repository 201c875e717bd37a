/** Where an account's own data is, for programs that are called in several ways. */
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** The same whoever calls: login scripts, which may set another place, run for some ways of being called only. */
export function accountDataDir(): string {
  return join(userInfo().homedir, '.local', 'share', 'casement');
}
