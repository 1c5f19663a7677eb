/** `clusctl completion`: scripts that complete its commands in a shell. */
import { Argument, Command } from "commander";
import type { Io } from "../io.ts";

export function completionCommand(io: Io): Command {
  const command = new Command("completion")
    .description("print a script that completes commands in a shell")
    .addArgument(new Argument("<shell>", "which one").choices(["bash", "zsh"]))
    .addHelpText("after", "\nExample:\n  $ source <(clusctl completion bash)");
  return command.action((shell: string) => {
    const script = bash(command.parent ?? command);
    // zsh runs scripts of bash where it is asked to.
    io.out(shell === "zsh" ? `autoload -U +X bashcompinit && bashcompinit\n${script}` : script);
  });
}

/** Words after each command, and its options. */
function bash(program: Command): string {
  const cases = [
    `    "") words="${words(program)}" ;;`,
    ...program.commands.flatMap((command) => [
      `    "${command.name()}") words="${words(command)}" ;;`,
      ...command.commands.map(
        (sub) => `    "${command.name()} ${sub.name()}") words="${words(sub)}" ;;`,
      ),
    ]),
  ];
  const shared = optionsOf(program).join(" ");
  return `_clusctl() {
  local words="" path="" at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "\${COMP_WORDS[at]}" in
      -s | --server | -u | --user | --target | --timeout) ((at++)) ;;
      -*) ;;
      *) path="\${path:+$path }\${COMP_WORDS[at]}" ;;
    esac
  done
  path="$(cut -d ' ' -f 1-2 <<<"$path")"
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words ${shared}" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _clusctl clusctl
`;
}

function words(command: Command): string {
  const own = command.parent === null ? [] : optionsOf(command);
  return [...command.commands.map((sub) => sub.name()), ...own].join(" ");
}

function optionsOf(command: Command): string[] {
  return command.options.flatMap(({ long }) => long ?? []);
}
