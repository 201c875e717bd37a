import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The pages that the portal, the viewer and the demo that needs no server are. */
const PORTAL = { portal: 'index.html', demo: 'mocks/demo.html', 'demo-xrdp': 'mocks/demo-xrdp.html' };
const VIEWER = { xrdp: 'src/viewer/xrdp.html' };

/**
 * `vite build` builds the portal, `vite build --mode viewer` adds the viewer to it. Two builds, since what pages of one
 * build share is split into many small files with all that any of them needs: the viewer's first load was 6 kB larger.
 */
export default defineConfig(({ mode }) => {
  const viewer = mode === 'viewer';
  return {
    plugins: [react()],
    appType: 'mpa',
    build: {
      outDir: 'dist/web',
      emptyOutDir: !viewer,
      copyPublicDir: !viewer,
      // Every browser that has what the viewer needs preloads modules by itself.
      modulePreload: { polyfill: !viewer },
      target: ['chrome120', 'firefox121', 'safari17'],
      chunkSizeWarningLimit: 900,
      rollupOptions: { input: viewer ? VIEWER : PORTAL },
    },
    worker: { format: 'es' },
  };
});
