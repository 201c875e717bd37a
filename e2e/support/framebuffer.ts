/** The picture that a screen has decoded against the one that the X server holds, pixel by pixel. */
import type { Page } from '@playwright/test';
import type { XDisplay } from './x-display.ts';

/** How many pixels of the page's framebuffer are not the X server's own; all of them while the sizes differ. */
export async function differingPixels(page: Page, x: Pick<XDisplay, 'screenshot'>): Promise<number> {
  const own = await x.screenshot();
  const { width, height, base64 } = await page.evaluate(async () => {
    const shot = await window.screenClient.screenshot();
    let binary = '';
    for (let at = 0; at < shot.rgba.length; at += 8192) {
      binary += String.fromCharCode(...shot.rgba.subarray(at, at + 8192));
    }
    return { width: shot.width, height: shot.height, base64: btoa(binary) };
  });
  if (width !== own.width || height !== own.height) return Infinity;
  const rgba = Buffer.from(base64, 'base64');
  let count = 0;
  for (let i = 0; i < width * height; i++) {
    for (let channel = 0; channel < 3; channel++) {
      if (rgba[i * 4 + channel] === own.rgb[i * 3 + channel]) continue;
      count++;
      break;
    }
  }
  return count;
}
