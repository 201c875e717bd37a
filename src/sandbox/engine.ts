/** The one engine that runs functions, on the server and in a browser: QuickJS, compiled to WebAssembly. */
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSWASMModule } from 'quickjs-emscripten-core';

export type Engine = QuickJSWASMModule;
/** A compiled `WebAssembly.Module` of the engine's file. */
export type EngineModule = NonNullable<NonNullable<Parameters<typeof newVariant>[1]>['wasmModule']>;

/** Without a module it is looked for beside its package, which pages and tests have, and a bundled program has not. */
export function loadEngine(wasmModule?: EngineModule): Promise<Engine> {
  return newQuickJSWASMModuleFromVariant(wasmModule === undefined ? variant : newVariant(variant, { wasmModule }));
}
