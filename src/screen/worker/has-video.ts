/** Whether H.264 may be asked for. What decodes it loads once a server sends some. */

/** What is asked whether a browser has H.264 at all: constrained baseline, level 3. */
const ANY_CODEC = 'avc1.42E01E';

export async function hasVideo(): Promise<boolean> {
  if (typeof VideoDecoder !== 'function') return false;
  try {
    return (await VideoDecoder.isConfigSupported({ codec: ANY_CODEC })).supported === true;
  } catch {
    return false;
  }
}
