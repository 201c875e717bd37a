/** `1920x1080`, or nothing where there is no limit. */
export function formatGeometry(size: { readonly width: number; readonly height: number } | null): string {
  return size ? `${size.width}x${size.height}` : '';
}
