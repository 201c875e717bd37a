/** The one engine that runs functions, on the server and in a browser: QuickJS, compiled to WebAssembly. */
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSWASMModule } from 'quickjs-emscripten-core';
import { MEMORY_BYTES } from './limits.ts';

export type Engine = QuickJSWASMModule;
type Options = NonNullable<Parameters<typeof newVariant>[1]>;
type EngineMemory = Exclude<NonNullable<Options['wasmMemory']>, () => unknown>;
/** A compiled `WebAssembly.Module` of the engine's file. */
export type EngineModule = NonNullable<Options['wasmModule']>;

/** What every host of this room has, and none of the types that it is compiled with. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number }) => EngineMemory;
};

const PAGE = 64 * 1024;
/** What the engine's file asks for. */
const INITIAL = 16 * 1024 * 1024;
/** The engine's stack, data and first context. */
const OWN = 6 * 1024 * 1024;
/** Bytes. The engine counts what it gives away in a way that its build for WebAssembly does not have, so this is the limit. */
export const MOST_MEMORY = OWN + MEMORY_BYTES;

/** Without a module it is looked for beside its package, which pages and tests have, and a bundled program has not. */
export function loadEngine(wasmModule?: EngineModule): Promise<Engine> {
  const wasmMemory = new WebAssembly.Memory({ initial: INITIAL / PAGE, maximum: MOST_MEMORY / PAGE });
  return newQuickJSWASMModuleFromVariant(
    newVariant(variant, { wasmMemory, ...(wasmModule === undefined ? {} : { wasmModule }) }),
  );
}
