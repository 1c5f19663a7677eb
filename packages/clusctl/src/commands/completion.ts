/** `clusctl completion`: scripts that complete its commands in a shell. */
import { Argument, Command, type Option } from "commander";
import type { Io } from "../io.ts";

export function completionCommand(io: Io): Command {
  const command = new Command("completion")
    .description("print a script that completes commands in a shell")
    .addArgument(new Argument("<shell>", "which one").choices(["bash", "zsh", "fish"]))
    .addHelpText(
      "after",
      "\nExamples:\n  $ source <(clusctl completion bash)\n  $ clusctl completion fish | source",
    );
  return command.action((shell: string) => {
    const program = command.parent ?? command;
    // zsh runs scripts of bash where it is asked to.
    if (shell === "fish") io.out(fish(program));
    else if (shell === "bash") io.out(bash(program));
    else io.out(`${likeBash}${bash(program)}`);
  });
}

const likeBash = `(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
autoload -U +X bashcompinit && bashcompinit
`;

/** Words after each command, and its options. Variables are none that zsh gives a meaning to, as `path` and `words`. */
function bash(program: Command): string {
  const cases = [
    `    "") offered="${words(program)}" ;;`,
    ...program.commands.flatMap((command) => [
      `    "${command.name()}") offered="${words(command)}" ;;`,
      ...command.commands.map(
        (sub) => `    "${command.name()} ${sub.name()}") offered="${words(sub)}" ;;`,
      ),
    ]),
  ];
  const shared = optionsOf(program).join(" ");
  return `_clusctl() {
  local offered="" typed="" at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "\${COMP_WORDS[at]}" in
      ${valued(program).join(" | ")}) ((at++)) ;;
      -*) ;;
      *) typed="\${typed:+$typed }\${COMP_WORDS[at]}" ;;
    esac
  done
  typed="$(cut -d ' ' -f 1-2 <<<"$typed")"
  case "$typed" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$offered ${shared}" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _clusctl clusctl
`;
}

/** One line a command and an option; what was typed before says which of them are offered. */
function fish(program: Command): string {
  const names = program.commands.map((command) => command.name());
  const top = `not __fish_seen_subcommand_from ${names.join(" ")}`;
  const lines = [
    "complete -c clusctl -f",
    ...program.options.map((option) => fishOption(option, null)),
    ...program.commands.map((command) => fishWord(command, top)),
  ];
  for (const command of program.commands) {
    const subs = command.commands.map((sub) => sub.name());
    const seen = `__fish_seen_subcommand_from ${command.name()}`;
    const open =
      subs.length === 0 ? seen : `${seen}; and not __fish_seen_subcommand_from ${subs.join(" ")}`;
    lines.push(...command.options.map((option) => fishOption(option, seen)));
    for (const sub of command.commands) {
      lines.push(fishWord(sub, open));
      const both = `${seen}; and __fish_seen_subcommand_from ${sub.name()}`;
      lines.push(...sub.options.map((option) => fishOption(option, both)));
    }
  }
  return `${lines.join("\n")}\n`;
}

function fishWord(command: Command, when: string): string {
  return `complete -c clusctl -n ${quoted(when)} -a ${command.name()} -d ${quoted(command.description())}`;
}

function fishOption({ long, short, required, description }: Option, when: string | null): string {
  const parts = [
    when === null ? "" : `-n ${quoted(when)}`,
    long === undefined ? "" : `-l ${long.slice(2)}`,
    short === undefined ? "" : `-s ${short.slice(1)}`,
    // What is a file's name is offered, and for all else no files.
    required ? (long === "--password-file" ? "-r" : "-x") : "",
    `-d ${quoted(description)}`,
  ];
  return ["complete -c clusctl", ...parts.filter((part) => part !== "")].join(" ");
}

/** As fish takes a text: all but these two stand for themselves. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

function words(command: Command): string {
  const own = command.parent === null ? [] : optionsOf(command);
  return [...command.commands.map((sub) => sub.name()), ...own].join(" ");
}

function optionsOf(command: Command): string[] {
  return command.options.flatMap(({ long }) => long ?? []);
}

/** Options with something behind them, which is no command. */
function valued(program: Command): string[] {
  const all = [program, ...program.commands.flatMap((one) => [one, ...one.commands])];
  const options = all.flatMap((command) => command.options).filter(({ required }) => required);
  return [...new Set(options.flatMap(({ short, long }) => [short ?? [], long ?? []].flat()))];
}
