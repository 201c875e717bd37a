/** What is said of a transfer, in a line of its row or aloud. */
import { fill, type Strings } from '../strings.ts';
import { DownloadJob } from './files-download.ts';
import { FolderJob } from './files-folder.ts';
import { sizeText, timeText } from './files-rate.ts';
import type { UploadJob } from './files-upload.ts';
import { fileFailure, FILES_WORDS } from './files-words.ts';

type Job = UploadJob | FolderJob | DownloadJob;
/** A folder as a person reads it. */
type Place = (folder: string) => string;

export function filesText(count: number, { language }: Strings): string {
  const words = FILES_WORDS[language];
  return count === 1 ? words.oneFile : fill(words.manyFiles, { count: new Intl.NumberFormat(language).format(count) });
}

function ofFiles(job: FolderJob, strings: Strings): string {
  const { language } = strings;
  const done = new Intl.NumberFormat(language).format(job.done);
  return fill(FILES_WORDS[language].ofFiles, { done, files: filesText(job.files, strings) });
}

function amount(job: Job, strings: Strings): string {
  const words = FILES_WORDS[strings.language];
  const { sent, size, perSecond } = job;
  const text = (bytes: number) => sizeText(bytes, strings.language);
  const values = { sent: text(sent), size: text(size), rate: text(perSecond) };
  if (perSecond <= 0) return fill(words.downloading, values);
  return fill(words.runningLeft, { ...values, time: timeText((size - sent) / perSecond) });
}

function folderLine(job: FolderJob, strings: Strings, place: Place): string {
  const words = FILES_WORDS[strings.language];
  const some = ofFiles(job, strings);
  switch (job.state) {
    case 'waiting':
      return words.waiting;
    case 'reading':
      return fill(words.reading, { files: filesText(job.files, strings) });
    case 'running':
      return `${some} · ${amount(job, strings)}`;
    case 'paused':
      return `${words.paused} ${some}`;
    case 'asking':
      return fill(words.askingAbout, { path: job.askedAbout ?? job.name });
    case 'stopped':
      return job.files === 0 ? words.stopped : fill(words.folderStopped, { some });
    case 'failed': {
      if (!job.failure) return fill(words.folderFailed, { some });
      const why = fileFailure(strings, job.failure.code, job.failure.message);
      return job.files === 0 ? why : fill(words.folderBroken, { why, some });
    }
    case 'done': {
      if (job.files === 0) return fill(words.folderEmpty, { folder: place(job.folder) });
      const done = fill(words.folderDone, { files: filesText(job.done, strings), folder: place(job.folder) });
      return job.skipped === 0 ? done : `${done} · ${fill(words.folderSkipped, { count: job.skipped })}`;
    }
  }
}

export function lineText(job: Job, strings: Strings, place: Place): string {
  if (job instanceof FolderJob) return folderLine(job, strings, place);
  const words = FILES_WORDS[strings.language];
  const { state, failure } = job;
  switch (state) {
    case 'waiting':
      return job instanceof DownloadJob ? words.starting : words.waiting;
    case 'paused': {
      const values = { sent: sizeText(job.sent, strings.language), size: sizeText(job.size, strings.language) };
      return `${words.paused} ${fill(words.downloading, values)}`;
    }
    case 'asking':
      return words.asking;
    case 'failed':
      return fileFailure(strings, failure?.code ?? 'internal', failure?.message ?? '');
    case 'stopped':
      return words.stopped;
    case 'done':
      if (job instanceof DownloadJob) return words.downloaded;
      return fill(job.name === job.file.name ? words.done : words.doneAs, {
        folder: place(job.folder),
        name: job.name,
      });
    case 'running':
      return amount(job, strings);
  }
}

/** Of an upload that is done or has failed. */
export function saidText(job: UploadJob | FolderJob, strings: Strings, place: Place): string {
  const words = FILES_WORDS[strings.language];
  const { name, folder, failure } = job;
  if (job.state === 'done') {
    return job instanceof FolderJob
      ? `${name}: ${folderLine(job, strings, place)}`
      : fill(words.saidDone, { name, folder: place(folder) });
  }
  if (!failure && job instanceof FolderJob) return fill(words.saidPartly, { name, some: ofFiles(job, strings) });
  return fill(words.saidFailed, { name, why: fileFailure(strings, failure?.code ?? '', failure?.message ?? '') });
}
