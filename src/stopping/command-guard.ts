import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';

/**
 * Ask before these commands are carried out, from wherever they are called.
 *
 * The commands themselves stay as they are, and what fails in the asking keeps
 * nobody from them.
 */
export function askBefore(
  commands: CommandRegistry,
  ids: ReadonlySet<string>,
  ask: (id: string) => Promise<boolean>
): IDisposable {
  // Of this registry alone, which may have been wrapped before.
  const execute = commands.execute;
  const asked = new Set<string>();
  commands.execute = (id, args) => {
    if (!ids.has(id) || asked.has(id) || !commands.isEnabled(id, args)) {
      return execute.call(commands, id, args);
    }
    asked.add(id);
    return answerOf(ask, id)
      .finally(() => asked.delete(id))
      .then(go => (go ? execute.call(commands, id, args) : undefined));
  };
  return new DisposableDelegate(() => {
    commands.execute = execute;
  });
}

async function answerOf(
  ask: (id: string) => Promise<boolean>,
  id: string
): Promise<boolean> {
  try {
    return await ask(id);
  } catch (error) {
    console.warn(`smext: could not ask before ${id}`, error);
    return true;
  }
}
