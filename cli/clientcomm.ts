/** The program `clientcomm`, which every session finds on its `PATH`. */
import { processIo } from './clientcomm-io.ts';
import { runClientComm } from './clientcomm-run.ts';

process.exitCode = await runClientComm(process.argv.slice(2), processIo());
