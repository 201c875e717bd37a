import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const dom = [
  'src/{portal,viewer,desktop,input,embed,api}/**/*.test.{ts,tsx}',
  'src/forms/render/**/*.test.{ts,tsx}',
  'mocks/**/*.test.{ts,tsx}',
];

/** Two kinds of unit test: those that need a document, and all the others. Real browsers are driven by `e2e`. */
export default defineConfig({
  plugins: [react()],
  test: {
    // Two cores: more workers only make the ones with real X servers wait for each other.
    maxWorkers: 2,
    // Against hanging alone: a machine with other work may take long over what is quick elsewhere.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'dom', environment: 'jsdom', include: dom } },
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['{src,server,cli,decoder,bench,scripts}/**/*.test.{ts,tsx,mjs}'],
          exclude: dom,
        },
      },
    ],
  },
});
