/** Which job of a scheduler this process runs in, by the variables that schedulers set for their jobs. */

/** In this order: some schedulers set the variables of others for old scripts' sake. */
const KNOWN = [
  ['slurm', 'SLURM_JOB_ID'],
  ['lsf', 'LSB_JOBID'],
  ['moab', 'MOAB_JOBID'],
  ['pbs', 'PBS_JOBID'],
] as const;

export interface OwnJob {
  readonly scheduler: string;
  readonly id: string;
}

export function ownJob(env: NodeJS.ProcessEnv): OwnJob | undefined {
  for (const [scheduler, variable] of KNOWN) {
    const id = env[variable];
    if (id !== undefined && /^[A-Za-z0-9][A-Za-z0-9_.[\]-]{0,127}$/.test(id)) return { scheduler, id };
  }
  return undefined;
}

/** Set by this session, or belonging to the terminal and session that the job was submitted from. */
const NOT_PASSED =
  /^(DISPLAY|XAUTHORITY|WAYLAND_DISPLAY|FASTX_.*|FX_CONFIG_DIR|CASEMENT_.*|DBUS_SESSION_BUS_ADDRESS|SESSION_MANAGER|TERM|SHLVL|PWD|OLDPWD|_|PATH|HOME)$/;

/** What a job script has set up (modules, devices, limits) is meant for the session in it. */
export function jobVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !NOT_PASSED.test(name) && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) passed[name] = value;
  }
  return passed;
}
