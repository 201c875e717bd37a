/** Filling templates, and the proof by shells: whatever a value holds, and wherever a template lets it stand. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkPlan,
  checkTemplate,
  fillArguments,
  fillTemplate,
  parsePlan,
  TemplateError,
  ValueError,
  type TemplateStart,
} from './schedule.ts';
import type { RestartPolicy } from './bookmark.ts';
import { quoteWord } from './shell-scan.ts';

const start: TemplateStart = {
  id: 's-1',
  command: 'xterm -e "top"',
  geometry: '800x600',
  name: "Peter's",
  params: { minRam: 4, gpu: true, x: 'v', list: ['a b'] },
  profile: null,
  keyboardLayout: 'de',
};
const withX = (x: string): TemplateStart => ({ ...start, params: { ...start.params, x } });

describe('a template', () => {
  it('gets each placeholder as one quoted word', () => {
    expect(
      fillTemplate(
        'casement start --id ${start.id} --command=${ start.command } --name ${ start.name } -p ${ start.params.minRam }G ${ start.profile } ${ start.keyboardLayout } ${ start.geometry } ${ start.params.list } ${ start.params.none }',
        start,
      ),
    ).toBe(
      `casement start --id 's-1' --command='xterm -e "top"' --name 'Peter'\\''s' -p '4'G '' 'de' '800x600' '["a b"]' ''`,
    );
    expect(fillTemplate('x ${ start.json }', start)).toContain('"command":"xterm -e \\"top\\"');
    const restarting = (restart: RestartPolicy) => fillTemplate('${ start.json }', { ...start, restart });
    expect(restarting('on-failure')).toContain('"restart":"on-failure"');
    expect(restarting('never')).toBe(fillTemplate('${ start.json }', start));
    expect(fillTemplate('echo $HOME ${HOME} \\${ start.id } $$ $(date)', start)).toBe(
      'echo $HOME ${HOME} \\${ start.id } $$ $(date)',
    );
  });

  it.each([
    ["echo '${ start.id }'", 'single-quotes'],
    ['echo "${ start.id }"', 'double-quotes'],
    ['echo `echo ${ start.id }`', 'backticks'],
    ['echo "`echo ${ start.id }`"', 'backticks'],
    ['echo $(echo ${ start.id })', 'substitution'],
    ['echo "$(echo "${ start.id }")"', 'double-quotes'],
    ['echo "$(echo ${ start.id })"', 'substitution'],
    ['echo $(( ${ start.id } ))', 'arithmetic'],
    ['echo ${HOME:-${ start.id }}', 'expansion'],
    ['cat <<EOF\n${ start.id }\nEOF', 'here-document'],
    ["cat <<-'E F' ; echo\n\t${ start.id }\n\tE F\n", 'here-document'],
    ['cat <<${ start.id }\nx\n', 'here-document'],
    ['true # ${ start.id }', 'comment'],
    ['#SBATCH --mem=${ start.params.minRam }\n', 'comment'],
    ["echo $'a' ${ start.id }", 'unclear'],
    ['(( 1 )) && echo ${ start.id }', 'unclear'],
    ['echo \\\n# ${ start.id }', 'comment'],
    ['cat <\\\n<E\n${ start.id }\nE', 'unclear'],
    ['echo "$\\\n(echo ${ start.id })"', 'double-quotes'],
    ['echo \\\\ # ${ start.id }', 'comment'],
    ['a[${ start.id }]=1', 'arithmetic'],
    ['echo $(case x in x) echo;; esac) ${ start.id }', 'unclear'],
  ])('%j is refused: %s', (template, place) => {
    expect(checkTemplate(template)).toContainEqual(expect.objectContaining({ kind: 'unsafe', place }));
    expect(() => fillTemplate(template, start)).toThrow(TemplateError);
  });

  it.each([
    'echo ${ start.foo }',
    'echo ${ start.params }',
    'echo ${ start.params.__proto__ }',
    'echo ${ command }',
    'echo ${ start.id',
    'echo ${start.id.x}',
    "echo '${ start.nope }'",
  ])('%j names no placeholder', (template) => {
    expect(checkTemplate(template)).toContainEqual(expect.objectContaining({ kind: 'unknown' }));
  });

  it('may hold all of this around its placeholders', () => {
    for (const template of [
      'cat <<EOF\n$(x) `y` "\nEOF\necho ${ start.id }',
      `echo "a 'b" 'c "d' ; echo \${ start.id }`,
      'echo a#b ${ start.id }',
      'x=${ start.id }; echo "$x"',
      'echo $(echo ")" \')\' "$(echo)") ${ start.id }',
      "echo # it's a comment\necho ${ start.id }",
      'echo \\" ${ start.id } \\\'',
    ]) {
      expect(checkTemplate(template)).toEqual([]);
    }
  });

  it('says where something is never closed, and refuses NUL', () => {
    expect(checkTemplate('echo\n"x')).toEqual([{ at: 5, line: 2, kind: 'unclosed', place: 'double-quotes' }]);
    expect(checkTemplate('a\0b')).toMatchObject([{ kind: 'nul' }]);
    expect(() => fillTemplate('echo ${ start.params.x }', withX('a\0b'))).toThrow(ValueError);
    expect(() => fillTemplate('echo ${ start.params.x }', withX('a'.repeat(200_000)))).toThrow(/longer/);
  });
});

describe('an array of arguments', () => {
  it('gets values as they are, inside an argument too', () => {
    expect(fillArguments(['-m', '--mem=${ start.params.minRam }G', '$HOME', "'"], start)).toEqual([
      '-m',
      '--mem=4G',
      '$HOME',
      "'",
    ]);
    expect(() => fillArguments(['${ start.foo }'], start)).toThrow(/Line 1: there is no placeholder/);
  });
});

describe('what a schedule function returns', () => {
  it('is "start now", a plan, or nothing that it may return', () => {
    for (const none of [null, undefined, '']) expect(parsePlan(none)).toBeNull();
    expect(parsePlan('echo')).toEqual({ run: 'echo' });
    expect(parsePlan(['echo', 'a'])).toEqual({ run: ['echo', 'a'] });
    expect(parsePlan({ run: 'x', scheduler: 'slurm', options: ['-n1'] })).toMatchObject({ scheduler: 'slurm' });
    for (const wrong of [7, true, {}, [], [1], '  ', { run: 'x', scheduler: '../etc' }, { run: '' }]) {
      expect(parsePlan(wrong)).toBeUndefined();
    }
    expect(checkPlan({ run: 'x', options: ['${ start.no }'] })).toHaveLength(1);
  });
});

const SHELLS = [
  ['/bin/sh', '-c'],
  ['/bin/bash', '--posix', '-c'],
].filter(([shell]) => shell !== undefined && existsSync(shell));
const SHOW = 'show() { for word; do printf "<%s>" "$word"; done; }\n';

/** What the shell prints, or that it refuses; in an empty environment. */
function run(shell: readonly string[], script: string): string {
  try {
    return execFileSync(shell[0] ?? '', [...shell.slice(1), SHOW + script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {},
      timeout: 10_000,
    });
  } catch {
    return 'refused';
  }
}

const nasty = fc.oneof(
  fc.string({ unit: fc.constantFrom(...`'"\`$(){}[];&|<>#\\ \n\t*?~!-=a0é\r`.split('')) }),
  fc.constantFrom('$(touch x)', '`id`', "'; id; '", '-rf', '--', '${ start.id }', '\\', "'", 'EOF\nid', '$((1))', '%s'),
);

describe('quoting, asked of real shells', { timeout: 120_000 }, () => {
  it.each(SHELLS)('%s takes any value as one word', (...shell) => {
    fc.assert(
      fc.property(fc.array(nasty, { maxLength: 6 }), (values) => {
        expect(run(shell, `show ${values.map(quoteWord).join(' ')}`)).toBe(values.map((one) => `<${one}>`).join(''));
      }),
      { numRuns: 60 },
    );
  });

  // Pieces that open, close, escape and mislead, in any order. What the check lets pass must mean the same to a shell
  // whatever the value is.
  const piece = fc.constantFrom(
    ' ${ start.params.x } ', '${ start.params.x }', ' a ', "'", '"', '`', '\\', '\n', ' ', '$', '$(', ')', '(', '#',
    ' # ', '\\\\ ', '()', '<<E\n', "<<'E'\n", '<<-E\n', '\nE\n', '\n\tE\n', '${', '}', '${u:-', '$((', '))', ';show ', '\nshow ', '\n\nshow ',
    "$'", '{', '[', 'a[', ']=1', 'case a in ', ' esac', '|', '=', '<<<', '$[', '$$', '\\\n',
  ); // prettier-ignore

  it.each(SHELLS)('%s reads a template the same with any value in it', (...shell) => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 9 }), nasty, (pieces, value) => {
        const template = `show ${pieces.join('')} \${ start.params.x }`;
        if (checkTemplate(template).length > 0) return;
        accepted++;
        const told = run(shell, fillTemplate(template, withX('qTOKENq')));
        if (told === 'refused') return;
        // `$$` is another number each time.
        const plain = (text: string) => text.replaceAll(/\d{3,}/g, 'N');
        expect(plain(run(shell, fillTemplate(template, withX(value))))).toBe(
          plain(told.replaceAll('qTOKENq', () => value)),
        );
      }),
      { numRuns: Number(process.env['SHELL_RUNS'] ?? 2000) },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
