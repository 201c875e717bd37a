/** `to`: the folder that is to have `node_modules` in it. */
export function copyRuntimePackages(to: string): void;
