/** What can be said of a function's text before it runs: where its syntax breaks, and members that no input has. */
import { javascriptLanguage } from '@codemirror/lang-javascript';
import type { FunctionName } from '../../../contract/functions.ts';
import { scopeOf } from './resolve.ts';

export interface TextFinding {
  readonly code: 'syntax' | 'no-function' | 'unknown-member';
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly subject: string;
}

/** A text with more mistakes than that is not JavaScript, and the first ones are what helps. */
const MOST = 20;
/** The text is one expression; without the bracket a nameless function were none. */
const BEFORE = '(';

export function checkText(name: FunctionName, text: string): TextFinding[] {
  const source = `${BEFORE}${text}\n)`;
  const scope = scopeOf(name, text);
  const findings: TextFinding[] = [];
  const add = (code: TextFinding['code'], from: number, subject: string) => {
    const at = Math.min(Math.max(0, from - BEFORE.length), text.length);
    const before = text.slice(0, at);
    const line = before.split('\n').length;
    if (findings.length >= MOST || findings.some((one) => one.line === line && one.code === code)) return;
    findings.push({ code, line, column: at - before.lastIndexOf('\n'), subject });
  };
  const tree = javascriptLanguage.parser.parse(source);
  tree.iterate({
    enter(node) {
      if (node.type.isError) add('syntax', node.from, source.slice(node.from, node.from + 20).split('\n')[0] ?? '');
      if (node.name !== 'MemberExpression') return;
      const member = node.node.lastChild;
      const object = node.node.firstChild;
      if (member?.name !== 'PropertyName' || !object) return;
      const found = scope.membersOf(source.slice(object.from, object.to));
      const called = source.slice(member.from, member.to);
      if (found && !Object.hasOwn(found.shape, called)) add('unknown-member', member.from, called);
    },
  });
  const whole = tree.topNode.firstChild?.firstChild;
  const inside = whole?.name === 'ParenthesizedExpression' ? whole.firstChild?.nextSibling : undefined;
  if (findings.length === 0 && !['FunctionExpression', 'ArrowFunction'].includes(inside?.name ?? '')) {
    add('no-function', BEFORE.length, '');
  }
  return findings;
}
