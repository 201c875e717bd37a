/** A real Slurm of one node for tests: its three daemons on free loopback ports, in a folder of their own. Needs root. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const UP_MS = 30_000;

/** Why tests that need Slurm cannot run here; `undefined` where they can. */
export const NO_SLURM =
  process.getuid?.() !== 0
    ? 'needs root, to run jobs as somebody else'
    : ['/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/sbin/munged'].every((path) => existsSync(path))
      ? undefined
      : 'needs slurm-wlm and munge';

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

function configOf(base: string, node: string, ports: readonly [number, number]): string {
  return `ClusterName=test
SlurmctldHost=${node}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${base}/munge.sock
CredType=cred/munge
SlurmctldPort=${ports[0]}
SlurmdPort=${ports[1]}
SlurmctldPidFile=${base}/slurmctld.pid
SlurmdPidFile=${base}/slurmd.pid
StateSaveLocation=${base}/state
SlurmdSpoolDir=${base}/spool
SlurmctldLogFile=${base}/slurmctld.log
SlurmdLogFile=${base}/slurmd.log
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,bf_interval=1
ReturnToService=2
MinJobAge=300
KillWait=2
NodeName=${node} NodeAddr=127.0.0.1 CPUs=2 RealMemory=2048 State=UNKNOWN
PartitionName=debug Nodes=ALL Default=YES MaxTime=01:00:00 DefaultTime=00:30:00 State=UP
`;
}

export class TestSlurm {
  readonly base = mkdtempSync(join(tmpdir(), 'casement-slurm-'));
  readonly #node = hostname().split('.')[0] ?? 'localhost';

  /** A folder of schedulers, with the shipped one told where this Slurm is. */
  get schedulers(): string {
    return join(this.base, 'schedulers');
  }

  get env(): NodeJS.ProcessEnv {
    return { ...process.env, SLURM_CONF: join(this.base, 'slurm.conf') };
  }

  static async start(): Promise<TestSlurm> {
    const slurm = new TestSlurm();
    const { base } = slurm;
    chmodSync(base, 0o755);
    for (const dir of ['state', 'spool']) mkdirSync(join(base, dir));
    writeFileSync(join(base, 'munge.key'), randomBytes(128), { mode: 0o600 });
    execFileSync('munged', [
      `--key-file=${base}/munge.key`,
      `--socket=${base}/munge.sock`,
      `--pid-file=${base}/munged.pid`,
      `--log-file=${base}/munged.log`,
      `--seed-file=${base}/munged.seed`,
    ]);
    const ports = [await freePort(), await freePort()] as const;
    writeFileSync(join(base, 'slurm.conf'), configOf(base, slurm.#node, ports));
    writeFileSync(join(base, 'cgroup.conf'), 'CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n');
    // A folder that users can read; the settings beside the executables say where the configuration is.
    cpSync('packaging/schedulers/slurm', join(slurm.schedulers, 'slurm'), { recursive: true });
    writeFileSync(join(slurm.schedulers, 'slurm/settings'), `export SLURM_CONF=${base}/slurm.conf\n`);
    for (const [program, ...args] of [
      ['slurmctld', '-i', '-c'],
      ['slurmd', '-N', slurm.#node],
    ] as const) {
      const child = spawn(program, args, { env: slurm.env, stdio: 'ignore' });
      await new Promise((resolve) => child.once('exit', resolve));
    }
    for (const end = Date.now() + UP_MS; ;) {
      const { stdout } = await run('sinfo', ['-h', '-o', '%T'], { env: slurm.env }).catch(() => ({ stdout: '' }));
      if (stdout.trim() === 'idle') return slurm;
      if (Date.now() > end) {
        const logs = ['slurmctld', 'slurmd'].map((one) => readFileSync(join(base, `${one}.log`), 'utf8')).join('\n');
        slurm.stop();
        throw new Error(`Slurm did not come up (${stdout.trim()}):\n${logs.slice(-4000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** One of Slurm's own commands. */
  async command(program: string, ...args: string[]): Promise<string> {
    return (await run(program, args, { env: this.env })).stdout.trim();
  }

  /** Ends jobs and daemons, by the process ids they wrote down. */
  stop(): void {
    try {
      execFileSync('scancel', ['--state=PENDING'], { env: this.env, stdio: 'ignore' });
      execFileSync('scancel', ['--state=RUNNING', '--signal=KILL', '--full'], { env: this.env, stdio: 'ignore' });
    } catch {
      // It is not up.
    }
    for (const name of ['slurmd', 'slurmctld', 'munged']) {
      try {
        process.kill(Number(readFileSync(join(this.base, `${name}.pid`), 'utf8')), 'SIGKILL');
      } catch {
        // It never came up, or has gone.
      }
    }
    rmSync(this.base, { recursive: true, force: true, maxRetries: 5 });
  }
}
