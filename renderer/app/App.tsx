import { MantineProvider } from '@mantine/core';
import { RoomProvider } from '../room/RoomProvider.tsx';
import type { Room } from '../room/room.ts';
import { mantineTheme } from '../theme/mantine-theme.ts';
import { Workspace } from './Workspace.tsx';

/**
 * The variables of Mantine come from its style sheet and from `applyTokens`: the content security policy refuses the
 * style elements it would otherwise inject.
 */
export function App({ room }: { room: Room }) {
  return (
    <MantineProvider
      theme={mantineTheme}
      forceColorScheme="dark"
      withCssVariables={false}
      withGlobalClasses={false}
      deduplicateCssVariables={false}
    >
      <RoomProvider room={room}>
        <Workspace />
      </RoomProvider>
    </MantineProvider>
  );
}
