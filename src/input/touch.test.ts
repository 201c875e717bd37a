/**
 * Fingers in the forms in which browsers are documented to tell of them (unproven on the device). Chrome on Android keeps
 * the moves of a finger inside its slop region to itself and then tells one larger step, a frame apart from then on; Safari
 * on iOS tells each; both cancel what the system takes for a gesture of its own.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { TouchGestures, type Finger, type Gesture } from './touch-gestures.ts';
import { TouchPointer } from './touch-pointer.ts';
import { VirtualPointer } from './virtual-pointer.ts';

let gestures: TouchGestures;
let told: string[];

const at = ({ x, y }: { x: number; y: number }) => `${Math.round(x)},${Math.round(y)}`;

function words(gesture: Gesture): string {
  switch (gesture.type) {
    case 'tap':
      return `tap${gesture.fingers} ${at(gesture)}`;
    case 'hold':
    case 'hold-tap':
      return `${gesture.type} ${at(gesture)}`;
    case 'drag':
      return `drag ${gesture.phase} ${at(gesture)}${gesture.held ? ' held' : ''}${gesture.again ? ' again' : ''}`;
    case 'slide':
      return `slide${gesture.fingers} ${gesture.phase} ${Math.round(gesture.dx)},${Math.round(gesture.dy)}`;
    case 'pinch':
      return `pinch ${gesture.phase} ${gesture.factor.toFixed(2)} at ${at(gesture)}`;
  }
}

/** `down 1 100,200 @0` a line; `@400` alone: nothing but time goes on. */
function play(trace: string): string[] {
  const before = told.length;
  for (const line of trace.trim().split('\n')) {
    const [type = '', id = '', point = ''] = line.trim().split(/\s+/);
    const time = Number(/@(\d+)/.exec(line)?.[1]);
    if (type.startsWith('@')) {
      gestures.tick(time);
      continue;
    }
    const [x = 0, y = 0] = point.split(',').map(Number);
    gestures.handle({ type: type as Finger['type'], id: Number(id), x, y, time });
  }
  return told.slice(before);
}

beforeEach(() => {
  told = [];
  gestures = new TouchGestures((gesture) => told.push(words(gesture)));
});

describe('fingers to gestures', () => {
  it('a tap, where the finger came down', () => {
    expect(play('down 2 100,200 @0 \n move 2 103,202 @16 \n up 2 103,202 @90')).toEqual(['tap1 100,200']);
    expect(gestures.deadline).toBeUndefined();
  });

  it('two taps for a double click are at one place', () => {
    const trace = 'down 2 100,200 @0 \n up 2 100,200 @80 \n down 3 111,208 @220 \n up 3 111,208 @300';
    expect(play(trace)).toEqual(['tap1 100,200', 'tap1 100,200']);
    expect(play('down 4 111,208 @1500 \n up 4 111,208 @1580')).toEqual(['tap1 111,208']);
  });

  it('two and three fingers tap, though they do not land or leave together', () => {
    const two = 'down 2 100,200 @0 \n down 3 160,190 @35 \n up 2 100,200 @110 \n up 3 161,191 @130';
    expect(play(two)).toEqual(['tap2 100,200']);
    const three =
      'down 5 10,20 @900 \n down 6 60,20 @910 \n down 7 99,20 @930 \n up 6 60,20 @990 \n up 5 10,20 @991 \n up 7 99,20 @999';
    expect(play(three)).toEqual(['tap3 10,20']);
    // Fingers that only rest are no tap.
    expect(play('down 8 10,20 @2000 \n down 9 60,20 @2010 \n up 9 60,20 @2900 \n up 8 10,20 @2910')).toEqual([]);
  });

  it('a finger that rests is told at once, and what it does then', () => {
    expect(play('down 2 50,60 @0 \n move 2 52,61 @200 \n @499')).toEqual([]);
    expect(play('@500')).toEqual(['hold 50,60']);
    expect(play('up 2 52,61 @800')).toEqual(['hold-tap 50,60']);
    expect(play('down 3 50,60 @1000 \n @1500 \n move 3 80,60 @1600 \n move 3 90,60 @1616 \n up 3 90,60 @1650')).toEqual(
      ['hold 50,60', 'drag start 50,60 held', 'drag move 80,60 held', 'drag move 90,60 held', 'drag end 90,60 held'],
    );
  });

  it('a late timer changes nothing', () => {
    expect(play('down 2 50,60 @0 \n up 2 50,60 @700')).toEqual(['hold 50,60', 'hold-tap 50,60']);
  });

  it('a drag begins where the finger came down, once it is known to be alone', () => {
    const quick = 'down 2 10,10 @0 \n move 2 24,10 @32 \n move 2 31,10 @48';
    expect(play(quick)).toEqual([]);
    expect(play('@90')).toEqual(['drag start 10,10', 'drag move 31,10']);
    expect(play('move 2 60,12 @110 \n up 2 60,12 @140')).toEqual(['drag move 60,12', 'drag end 60,12']);
    const flick = 'down 3 10,10 @500 \n move 3 40,10 @530 \n up 3 70,10 @560';
    expect(play(flick)).toEqual(['drag start 10,10', 'drag move 70,10', 'drag end 70,10']);
  });

  it('another finger does not disturb a drag', () => {
    const drag =
      'down 2 10,10 @0 \n move 2 30,10 @120 \n down 3 200,200 @140 \n move 3 220,220 @150 \n up 3 220,220 @160';
    expect(play(drag)).toEqual(['drag start 10,10', 'drag move 30,10']);
    expect(play('move 2 50,10 @170 \n up 2 50,10 @180')).toEqual(['drag move 50,10', 'drag end 50,10']);
  });

  it('what the system takes away is cancelled, and no tap', () => {
    expect(play('down 2 10,10 @0 \n cancel 2 0,0 @40')).toEqual([]);
    expect(gestures.deadline).toBeUndefined();
    expect(play('down 3 10,10 @1000 \n move 3 40,10 @1120 \n cancel 3 0,0 @1140')).toEqual([
      'drag start 10,10',
      'drag move 40,10',
      'drag cancel 40,10',
    ]);
    // Everything begins anew.
    expect(play('down 4 5,5 @2000 \n up 4 5,5 @2050')).toEqual(['tap1 5,5']);
  });

  it('two fingers side by side slide, by what their middle moves', () => {
    const slide =
      'down 2 100,200 @0 \n down 3 150,200 @20 \n move 2 100,216 @40 \n move 3 150,216 @40 \n move 2 100,236 @56 \n move 3 150,236 @56 \n up 2 100,236 @80 \n up 3 150,236 @90';
    const seen = play(slide);
    expect(seen[0]).toBe('slide2 start 0,0');
    expect(seen.at(-1)).toBe('slide2 end 0,0');
    const down = seen.filter((one) => one.startsWith('slide2 move')).map((one) => Number(one.split(',')[1]));
    expect(down.reduce((sum, one) => sum + one, 0)).toBe(36);
  });

  it('fingers that part pinch, about their middle, and a third one makes no jump', () => {
    const seen = play('down 2 100,100 @0 \n down 3 200,100 @10 \n move 2 80,100 @40 \n move 3 220,100 @40');
    expect(seen).toEqual(['pinch start 1.00 at 150,100', 'pinch move 1.40 at 150,100']);
    expect(play('down 4 150,400 @60 \n move 3 220,100 @70 \n up 4 150,400 @80')).toEqual([
      'pinch move 1.00 at 150,200',
    ]);
    expect(play('move 3 220,100 @85 \n move 3 220,100 @90')).toEqual(['pinch move 1.00 at 150,100']);
    expect(play('up 2 80,100 @100 \n move 3 300,300 @110 \n up 3 300,300 @120')).toEqual(['pinch end 1.00 at 150,100']);
  });

  it('fast fingers side by side do not seem to part between their events', () => {
    const seen = play(
      'down 2 100,400 @0 \n down 3 160,400 @9 \n move 2 100,330 @33 \n move 3 160,330 @33 \n move 2 100,240 @49 \n move 3 160,240 @49 \n up 2 100,240 @60 \n up 3 160,240 @60',
    );
    expect(seen).toEqual(['slide2 start 0,0', 'slide2 move 0,-70', 'slide2 move 0,-90', 'slide2 end 0,0']);
  });

  it('a slide turns into a pinch when the fingers part after all', () => {
    const seen = play(
      'down 2 100,100 @0 \n down 3 200,100 @5 \n move 2 100,115 @30 \n move 3 200,115 @30 \n move 3 262,115 @60 \n up 2 100,115 @80 \n up 3 262,115 @80',
    );
    expect(seen.filter((one) => /start|end/.test(one)).map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual([
      'slide2 start',
      'slide2 end',
      'pinch start',
      'pinch end',
    ]);
  });

  it('a tap waits for its drag where that means something', () => {
    gestures.tapThenDrag = true;
    expect(play('down 2 10,10 @0 \n up 2 10,10 @60 \n @200')).toEqual([]);
    expect(play('@260')).toEqual(['tap1 10,10']);
    expect(
      play('down 3 10,10 @1000 \n up 3 10,10 @1060 \n down 4 12,12 @1150 \n move 4 40,12 @1260 \n up 4 40,12 @1300'),
    ).toEqual(['drag start 12,12 again', 'drag move 40,12 again', 'drag end 40,12 again']);
    const double = 'down 5 10,10 @2000 \n up 5 10,10 @2060 \n down 6 12,12 @2150 \n up 6 12,12 @2200';
    expect(play(double)).toEqual(['tap1 10,10', 'tap1 10,10']);
    expect(gestures.deadline).toBeUndefined();
  });

  it('is over at once when it is reset', () => {
    play('down 2 10,10 @0 \n move 2 40,10 @120');
    gestures.reset();
    expect(told.at(-1)).toBe('drag cancel 40,10');
    expect(play('move 2 50,10 @140 \n up 2 50,10 @150')).toEqual([]);
  });
});

describe('what gestures mean', () => {
  let sent: string[];
  let larger: boolean;
  let pointer: TouchPointer;

  beforeEach(() => {
    sent = [];
    larger = false;
    pointer = new TouchPointer({
      bounds: { x: 0, y: 0, width: 1000, height: 500 },
      ratio: 2,
      get larger() {
        return larger;
      },
      toDesktop: (x, y) => ({ x: x * 2, y: y * 2 }),
      point: (x, y, buttons) => sent.push(`@${x},${y}:${buttons}`),
      click: (x, y, button) => sent.push(`click ${x},${y}:${button}`),
      zoom: (factor, x, y, settled) => sent.push(`zoom ${factor.toFixed(2)} ${x},${y}${settled ? ' settled' : ''}`),
      pan: (dx, dy) => sent.push(`pan ${dx},${dy}`),
      held: () => sent.push('held'),
      pointer: (where) => sent.push(where ? `pointer ${where.x},${where.y}` : 'no pointer'),
    });
    gestures = new TouchGestures((gesture) => pointer.handle(gesture));
  });
  const now = (trace: string) => {
    sent.length = 0;
    play(trace);
    return sent;
  };

  it('taps are the left, right and middle button where the first finger is', () => {
    expect(now('down 2 10,20 @0 \n up 2 10,20 @50')).toEqual(['@20,40:0', 'click 20,40:1']);
    expect(now('down 2 10,20 @1000 \n down 3 60,20 @1010 \n up 2 10,20 @1050 \n up 3 60,20 @1060')).toEqual([
      '@20,40:0',
      'click 20,40:4',
    ]);
  });

  it('a finger held is a right click, or a drag', () => {
    expect(now('down 2 10,20 @0 \n @500 \n up 2 10,20 @600')).toEqual(['@20,40:0', 'held', 'click 20,40:4']);
    expect(now('down 2 10,20 @1000 \n @1500 \n move 2 50,20 @1600 \n up 2 50,20 @1650')).toEqual([
      '@20,40:0',
      'held',
      '@20,40:0',
      '@20,40:1',
      '@100,40:1',
      '@100,40:0',
    ]);
  });

  it('a drag presses where it began, and lets go when it is taken away', () => {
    expect(now('down 2 10,20 @0 \n move 2 50,20 @120 \n cancel 2 0,0 @130')).toEqual([
      '@20,40:0',
      '@20,40:1',
      '@100,40:1',
      '@100,40:0',
    ]);
  });

  const slide = (from: number, fingers: number) =>
    [
      ...Array.from({ length: fingers }, (_, n) => `down ${n + 2} ${100 + 50 * n},200 @${from + n}`),
      ...Array.from({ length: fingers }, (_, n) => `move ${n + 2} ${100 + 50 * n},140 @${from + 40}`),
      ...Array.from({ length: fingers }, (_, n) => `up ${n + 2} ${100 + 50 * n},140 @${from + 60}`),
    ].join('\n');

  it('two fingers are the wheel, or move a picture that is larger than its place; three are always the wheel', () => {
    expect(now(slide(0, 2)).filter((one) => one.startsWith('click'))).toEqual(['click 250,400:16']);
    larger = true;
    const panned = now(slide(1000, 2));
    expect(panned.every((one) => one.startsWith('pan'))).toBe(true);
    expect(panned.reduce((sum, one) => sum + Number(one.split(',')[1]), 0)).toBe(-60);
    expect(now(slide(2000, 3)).filter((one) => one.startsWith('click'))).toEqual(['click 300,400:16']);
  });

  it('a pinch zooms about the middle and goes with it', () => {
    const seen = now(
      'down 2 100,100 @0 \n down 3 200,100 @9 \n move 3 240,120 @40 \n up 2 100,100 @60 \n up 3 240,120 @61',
    );
    expect(seen).toContain('pan 20,10');
    expect(seen.some((one) => one.startsWith('zoom 1.41'))).toBe(true);
    expect(seen.at(-1)).toMatch(/settled$/);
  });

  it('as a trackpad moves the pointer by what the finger moves, clicks where it is, and stays inside', () => {
    pointer.put(100, 100);
    pointer.mode = 'trackpad';
    expect(sent.at(-1)).toBe('pointer 100,100');
    // One pixel of the page is two of the framebuffer.
    now('down 2 300,300 @0 \n move 2 312,300 @120 \n move 2 313,300 @140 \n up 2 313,300 @150');
    const after = sent.at(-1);
    expect(after).toMatch(/^@1[2-6]\d,100:0$/);
    const [, x] = /@(\d+)/.exec(after ?? '') ?? [];
    expect(now('down 3 10,10 @1000 \n up 3 10,10 @1050')).toEqual([`@${x},100:0`, `click ${x},100:1`]);
    now('down 4 0,0 @2000 \n move 4 900,900 @2120 \n up 4 900,900 @2150');
    expect(sent.at(-1)).toBe('@999,499:0');
  });

  it('as a trackpad drags after a tap, without a click before', () => {
    pointer.put(100, 100);
    pointer.mode = 'trackpad';
    gestures.tapThenDrag = true;
    const seen = now('down 2 9,9 @0 \n up 2 9,9 @50 \n down 3 9,9 @150 \n move 3 30,9 @260 \n up 3 30,9 @300');
    expect(seen.filter((one) => one.startsWith('click'))).toEqual([]);
    expect(seen[0]).toBe('@100,100:1');
    expect(seen.at(-1)).toMatch(/:0$/);
  });

  it('a new mode lets go of what the old one held', () => {
    now('down 2 10,20 @0 \n move 2 50,20 @120');
    pointer.mode = 'trackpad';
    expect(sent).toContain('@100,40:0');
  });
});

it('a pointer moved by steps keeps fractions, its bounds, and what the server says', () => {
  const pointer = new VirtualPointer();
  const bounds = { x: 10, y: 0, width: 100, height: 50 };
  pointer.put(20, 20);
  for (let n = 0; n < 10; n++) pointer.move(0.25, -0.25, bounds);
  expect(pointer.at).toEqual({ x: 22, y: 17 });
  pointer.put(22, 17);
  pointer.move(0.5, 0.5, bounds);
  expect(pointer.at).toEqual({ x: 23, y: 18 });
  pointer.move(500, 500, bounds);
  expect(pointer.at).toEqual({ x: 109, y: 49 });
  pointer.move(-500, -500, bounds);
  expect(pointer.at).toEqual({ x: 10, y: 0 });
  pointer.move(-500, -500);
  expect(pointer.at).toEqual({ x: -490, y: -500 });
});
