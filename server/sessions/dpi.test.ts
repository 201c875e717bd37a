import { describe, expect, it } from 'vitest';
import { dpiFor, mergeResources } from './dpi.ts';
import { encodeXSettings } from './dpi-xsettings.ts';
import { bringsSettings } from './programs.ts';
import { inView } from './windows.ts';

describe('what a scale means to programs', () => {
  it('draws windows at whole factors and makes up for the rest by text', () => {
    expect(dpiFor(1).settings).toMatchObject({
      'Xft/DPI': 98304,
      'Gdk/WindowScalingFactor': 1,
      'Gdk/UnscaledDPI': 98304,
    });
    expect(dpiFor(1.5).settings).toMatchObject({
      'Xft/DPI': 147456,
      'Gdk/WindowScalingFactor': 1,
      'Gdk/UnscaledDPI': 147456,
    });
    expect(dpiFor(2).settings).toMatchObject({
      'Xft/DPI': 196608,
      'Gdk/WindowScalingFactor': 2,
      'Gdk/UnscaledDPI': 98304,
    });
    expect(dpiFor(2.5).settings).toMatchObject({
      'Xft/DPI': 245760,
      'Gdk/WindowScalingFactor': 2,
      'Gdk/UnscaledDPI': 122880,
    });
  });

  it('holds what is absurd within bounds', () => {
    for (const [scale, dpi] of [
      [0.25, 48],
      [0, 48],
      [-3, 48],
      [5, 384],
      [1e9, 384],
      [Number.NaN, 96],
      [Infinity, 96],
    ] as const) {
      expect(dpiFor(scale).dpi, String(scale)).toBe(dpi);
    }
  });

  it('changes its own resources and keeps the others', () => {
    const text = 'XTerm*background:\tblack\nXft.dpi:\t96\nXft.antialias:\t1\n';
    expect(mergeResources(text, { 'Xft.dpi': '192' })).toBe(
      'XTerm*background:\tblack\nXft.antialias:\t1\nXft.dpi:\t192\n',
    );
    expect(mergeResources('', { 'Xft.dpi': '144' })).toBe('Xft.dpi:\t144\n');
    expect(mergeResources(mergeResources(text, { 'Xft.dpi': '192' }), { 'Xft.dpi': '192' })).toBe(
      mergeResources(text, { 'Xft.dpi': '192' }),
    );
  });
});

it('XSETTINGS are written as the specification has them', () => {
  // Byte order, padding, serial, count; type, padding, length, name padded to four, serial, value.
  const bytes = [0, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 7, 0, ...Buffer.from('Xft/DPI\0'), 7, 0, 0, 0, 0, 0, 3, 0];
  expect([...encodeXSettings({ 'Xft/DPI': 196608 }, 7)]).toEqual(bytes);
});

it('settings are left to the desktops that bring them', () => {
  for (const command of [
    'startxfce4',
    'mate-session',
    'exec /usr/bin/gnome-session --session=x',
    'dbus-launch startplasma-x11',
    'lxqt-session',
  ]) {
    expect(bringsSettings(command), command).toBe(true);
  }
  for (const command of ['xterm', 'openbox-session', 'icewm-session', '/opt/cad/bin/start', 'gedit mate-session.txt']) {
    expect(bringsSettings(command), command).toBe(false);
  }
});

describe('a new window is brought into view', () => {
  const screen = { width: 800, height: 600 };
  const size = { width: 300, height: 200 };

  it('when nothing of it could be taken hold of', () => {
    expect(inView({ x: 1200, y: 100, ...size }, screen)).toEqual({ x: 500, y: 100 });
    expect(inView({ x: -290, y: 900, ...size }, screen)).toEqual({ x: 0, y: 400 });
    expect(inView({ x: 10, y: -150, ...size }, screen)).toEqual({ x: 10, y: 0 });
    expect(inView({ x: 5000, y: 5000, width: 3000, height: 3000 }, screen)).toEqual({ x: 0, y: 0 });
  });

  it('and otherwise left where its program wants it', () => {
    for (const place of [
      { x: 0, y: 0 },
      { x: -100, y: 20 },
      { x: 700, y: 500 },
    ]) {
      expect(inView({ ...place, ...size }, screen)).toBeUndefined();
    }
  });
});
