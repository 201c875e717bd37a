/**
 * Files to and from the session: a panel of the bar, dropping onto the desktop, and what scripts offer. Here is only
 * what has to be there from the start; the rest is loaded when it is first used.
 */
import type { DownloadOffer } from '../../clientcomm/download.ts';
import type { FilesGrant } from '../../contract/files-grant.ts';
import type { OfferOutcome } from '../comm.ts';
import type { Feature, FeatureContext } from '../feature.ts';
import type { Words } from '../strings.ts';
import type { FilesWork } from './files-work.ts';

const WORDS: Words<'files' | 'off' | 'unreachable'> = {
  en: {
    files: 'Files',
    off: 'Files cannot be downloaded from this session.',
    unreachable: 'The server could not be reached. No file was transferred.',
  },
  de: {
    files: 'Dateien',
    off: 'Aus dieser Sitzung können keine Dateien heruntergeladen werden.',
    unreachable: 'Der Server war nicht erreichbar. Es wurde keine Datei übertragen.',
  },
};
const SAID_MS = 8000;

export interface FilesFeature extends Feature {
  /** For a script's `fx-download`; returns the way to take the offer back. */
  offer(offer: DownloadOffer, outcome: OfferOutcome): () => void;
}

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;

export function files(context: FeatureContext): FilesFeature {
  const { root, strings, toolbar, notices, preferences, window } = context;
  const words = WORDS[strings.language];
  const listening = new AbortController();
  const { signal } = listening;
  let grant: FilesGrant | undefined;
  let inControl = true;
  let connected = false;
  let loading: Promise<FilesWork> | undefined;
  let work: FilesWork | undefined;

  const may = (direction: 'upload' | 'download') =>
    grant !== undefined && inControl && (grant.transfer === 'both' || grant.transfer === direction);

  const load = () => {
    if (loading) return loading;
    loading = import('./files-work.ts').then((module) => {
      work = new module.FilesWork({
        window,
        strings,
        notices,
        preferences,
        key: () => grant?.key ?? '',
        may,
        show: () => panel.show(false),
        shown: () => panel.open,
      });
      return work;
    });
    loading.catch(() => {
      // Whatever needs it next tries again.
      loading = undefined;
    });
    return loading;
  };

  const panel = toolbar.addPanel(
    'files',
    words.files,
    async () => (await load()).open(),
    () => work?.closed(),
  );
  const update = () => {
    panel.hidden = !may('upload') && !may('download');
    if (panel.hidden) panel.close();
  };
  update();

  /** Something is held over the viewer that could be let go here. */
  let over = false;
  const leave = () => {
    over = false;
    work?.dropHint.hide();
  };

  function drag(event: DragEvent): void {
    if (!hasFiles(event)) return;
    // Without this the browser leaves the viewer and shows the file that is dropped.
    event.preventDefault();
    const fits = may('upload') && connected;
    if (event.dataTransfer) event.dataTransfer.dropEffect = fits ? 'copy' : 'none';
    if (!fits || over) return;
    over = true;
    load().then(
      (loaded) => {
        if (over) loaded.dropHint.show(root);
      },
      () => undefined,
    );
  }

  function drop(event: DragEvent): void {
    if (!hasFiles(event)) return;
    event.preventDefault();
    leave();
    if (!may('upload') || !event.dataTransfer) return;
    // The list is emptied when this handler returns.
    const all = [...event.dataTransfer.items].map((item) => [item.webkitGetAsEntry(), item.getAsFile()] as const);
    load().then(
      (loaded) => loaded.dropped(all),
      () => {
        const { files: title, unreachable: message } = words;
        notices.show({ title, message, icon: 'warning', buttons: [], timeout: SAID_MS });
      },
    );
  }

  root.addEventListener('dragenter', drag, { signal });
  root.addEventListener('dragover', drag, { signal });
  root.addEventListener('drop', drop, { signal });
  root.addEventListener(
    'dragleave',
    (event) => {
      // Also told on the way from one element to another inside.
      if (!(event.relatedTarget instanceof window.Node) || !root.contains(event.relatedTarget)) leave();
    },
    { signal },
  );

  return {
    offer(offer, outcome) {
      if (!may('download')) {
        outcome.refused(words.off);
        return () => undefined;
      }
      let taken = false;
      let takeBack: (() => void) | undefined;
      load().then(
        (loaded) => {
          if (!taken) takeBack = loaded.offer(offer, outcome);
        },
        () => outcome.refused(words.unreachable),
      );
      return () => {
        taken = true;
        takeBack?.();
      };
    },
    onWelcome(welcome) {
      grant = welcome.files;
      update();
      work?.connected();
    },
    onRole(_role, control) {
      inControl = control;
      update();
    },
    onState({ state }) {
      connected = state === 'connected';
      if (!connected) leave();
    },
    dispose() {
      listening.abort();
      work?.dispose();
    },
  };
}
