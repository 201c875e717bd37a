/**
 * Files to and from the session: a panel of the bar, dropping onto the desktop, and what scripts offer. Here is only
 * what has to be there from the start; the rest is loaded when it is first used.
 */
import './files.css';
import type { DownloadOffer } from '../../clientcomm/download.ts';
import type { FilesGrant } from '../../contract/files.ts';
import type { OfferOutcome } from '../comm.ts';
import { h, icon } from '../dom.ts';
import type { Feature, FeatureContext } from '../feature.ts';
import { fill, type Words } from '../strings.ts';
import type { FilesWork } from './files-work.ts';

const WORDS: Words<'files' | 'drop' | 'dropHint' | 'folders' | 'off'> = {
  en: {
    files: 'Files',
    drop: 'Drop to upload',
    dropHint: 'into {folder}',
    folders: 'Folders cannot be uploaded; put them into an archive first.',
    off: 'Files cannot be downloaded from this session.',
  },
  de: {
    files: 'Dateien',
    drop: 'Zum Hochladen ablegen',
    dropHint: 'in {folder}',
    folders: 'Ordner können nicht hochgeladen werden; packen Sie sie zuerst in ein Archiv.',
    off: 'Aus dieser Sitzung können keine Dateien heruntergeladen werden.',
  },
};

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

  const load = () =>
    (loading ??= import('./files-work.ts').then((module) => {
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
    }));

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

  const where = h('span', { class: 'drop-folder', attributes: { dir: 'auto' } });
  const zone = h(
    'div',
    { class: 'drop-zone', attributes: { 'aria-hidden': 'true' } },
    h('div', { class: 'drop-card' }, icon('upload'), h('strong', { text: words.drop }), where),
  );
  zone.hidden = true;
  root.append(zone);

  function drag(event: DragEvent): void {
    if (!hasFiles(event)) return;
    // Without this the browser leaves the viewer and shows the file that is dropped.
    event.preventDefault();
    const fits = may('upload') && connected;
    if (event.dataTransfer) event.dataTransfer.dropEffect = fits ? 'copy' : 'none';
    if (!fits || !zone.hidden) return;
    zone.hidden = false;
    where.textContent = '';
    void load().then(async (loaded) => {
      where.textContent = fill(words.dropHint, { folder: await loaded.target() });
    });
  }

  function drop(event: DragEvent): void {
    if (!hasFiles(event)) return;
    event.preventDefault();
    zone.hidden = true;
    if (!may('upload') || !event.dataTransfer) return;
    // Both lists are emptied when this handler returns.
    const chosen: File[] = [];
    let folders = false;
    for (const item of event.dataTransfer.items) {
      const file = item.kind === 'file' ? item.getAsFile() : null;
      if (item.webkitGetAsEntry()?.isDirectory === true) folders = true;
      else if (file) chosen.push(file);
    }
    if (folders) {
      notices.show({ title: words.files, message: words.folders, icon: 'warning', buttons: [], timeout: 10_000 });
    }
    if (chosen.length > 0) void load().then((loaded) => loaded.upload(chosen));
  }

  root.addEventListener('dragenter', drag, { signal });
  root.addEventListener('dragover', drag, { signal });
  root.addEventListener('drop', drop, { signal });
  root.addEventListener(
    'dragleave',
    (event) => {
      // Also told on the way from one element to another inside.
      if (!(event.relatedTarget instanceof window.Node) || !root.contains(event.relatedTarget)) zone.hidden = true;
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
      void load().then((loaded) => {
        if (!taken) takeBack = loaded.offer(offer, outcome);
      });
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
      if (!connected) zone.hidden = true;
    },
    dispose() {
      listening.abort();
      work?.dispose();
    },
  };
}
