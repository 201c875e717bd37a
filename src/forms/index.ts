/** Start forms, from an admin's HTML to checked parameters. `fields/` runs anywhere, `render/` in browsers. */
export * from './fields/index.ts';
export * from './render/index.ts';
