import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The three pages: portal, viewer, and the demo that needs no server. */
export default defineConfig({
  plugins: [react()],
  appType: 'mpa',
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    target: ['chrome120', 'firefox121', 'safari17'],
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: {
        portal: 'index.html',
        xrdp: 'src/viewer/xrdp.html',
        demo: 'mocks/demo.html',
        'demo-xrdp': 'mocks/demo-xrdp.html',
      },
    },
  },
  worker: { format: 'es' },
});
