import { Box, Text } from 'ink';
import { memo } from 'react';
import type { Line } from '../model/text.ts';
import type { Theme } from '../theme.ts';

/** Lines as Ink draws them: one `Text` a row. A row that has not changed keeps its element. */
export function Screen({ lines, theme }: { lines: readonly Line[]; theme: Theme }) {
  return (
    <Box flexDirection="column">
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its position
        <Row key={at} line={line} theme={theme} />
      ))}
    </Box>
  );
}

interface RowProps {
  readonly line: Line;
  readonly theme: Theme;
}

const Row = memo(function Row({ line, theme }: RowProps) {
  return (
    <Text wrap="truncate">
      {line.map(({ text, tone }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a span of a row is its position
        <Text key={at} {...theme.styles[tone]}>
          {text}
        </Text>
      ))}
    </Text>
  );
}, sameRow);

function sameRow(a: RowProps, b: RowProps): boolean {
  return (
    a.theme === b.theme &&
    a.line.length === b.line.length &&
    a.line.every(({ text, tone }, at) => text === b.line[at]!.text && tone === b.line[at]!.tone)
  );
}
