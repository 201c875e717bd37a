/** The pointers of the demo desktop, drawn with letters: `#` dark, `.` light, blank nothing. */

export interface CursorShape {
  readonly width: number;
  readonly height: number;
  readonly hotX: number;
  readonly hotY: number;
  readonly rgba: Uint8ClampedArray;
}

export type CursorName = 'arrow' | 'text' | 'move' | 'cross';

const ARROW = `
#
##
#.#
#..#
#...#
#....#
#.....#
#......#
#.......#
#........#
#.....####
#..#..#
#.# #..#
##  #..#
#    #..#
     #..#
      ##`;

const TEXT = `
### ###
#..#..#
###.###
  #.#
  #.#
  #.#
  #.#
  #.#
  #.#
  #.#
  #.#
  #.#
###.###
#..#..#
### ###`;

const MOVE = `
       #
      #.#
     #...#
    #.....#
    ###.###
  #   #.#   #
 ##   #.#   ##
#.#####.#####.#
..............#
#.#####.#####.#
 ##   #.#   ##
  #   #.#   #
    ###.###
    #.....#
     #...#
      #.#
       #`;

const CROSS = `
      ###
      #.#
      #.#
      #.#
      #.#
      ###

#####     #####
#...#     #...#
#####     #####

      ###
      #.#
      #.#
      #.#
      #.#
      ###`;

function shape(art: string, hotX: number, hotY: number): CursorShape {
  const rows = art.split('\n').slice(1);
  const width = Math.max(...rows.map((row) => row.length));
  const rgba = new Uint8ClampedArray(width * rows.length * 4);
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      const char = row.charAt(x);
      if (char === ' ') continue;
      rgba.set(char === '#' ? [20, 28, 32, 255] : [255, 255, 255, 255], (y * width + x) * 4);
    }
  });
  return { width, height: rows.length, hotX, hotY, rgba };
}

export const CURSORS: Readonly<Record<CursorName, CursorShape>> = {
  arrow: shape(ARROW, 0, 0),
  text: shape(TEXT, 3, 7),
  move: shape(MOVE, 7, 8),
  cross: shape(CROSS, 7, 8),
};
