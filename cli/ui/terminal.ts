import { duration, plain, type Progress } from "../../local/progress";
import { coloursFor, type Colours } from "./colour";

/** The part of a terminal's stream that is used. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

interface Running {
  readonly title: string;
  readonly start: number;
  latest: string;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const milliseconds = 100;

function fit(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}

/**
 * Progress on a terminal: what runs now stays at the bottom and is redrawn; what has ended scrolls up as one line
 * with its time. The cursor is never hidden, so that a killed command leaves a usable terminal.
 */
export class TerminalProgress implements Progress {
  private readonly running = new Set<Running>();
  private readonly colours: Colours;
  private drawn = 0;
  private frame = 0;
  private timer: NodeJS.Timeout | undefined;

  public constructor(
    private readonly terminal: Terminal,
    private readonly now: () => number = Date.now,
  ) {
    this.colours = coloursFor(terminal);
  }

  public note(text: string): void {
    this.draw(text);
  }

  public async step<T>(title: string, work: (update: (text: string) => void) => Promise<T>): Promise<T> {
    const entry: Running = { title, start: this.now(), latest: "" };
    this.running.add(entry);
    this.timer ??= setInterval(() => {
      this.frame += 1;
      this.draw();
    }, milliseconds).unref();
    this.draw();
    try {
      const result = await work((text) => {
        entry.latest = text;
      });
      this.finish(entry, `${this.colours.good("✔")} ${title}`);
      return result;
    } catch (error) {
      this.finish(entry, `${this.colours.bad("✖")} ${title}`);
      throw error;
    }
  }

  private finish(entry: Running, line: string): void {
    this.running.delete(entry);
    if (this.running.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    this.draw(`${line} ${this.colours.quiet(duration(this.now() - entry.start))}`);
  }

  /** Wipes the running lines, writes what stays, and draws the running lines anew, all in one write against flicker. */
  private draw(stays?: string): void {
    const columns = this.terminal.columns ?? 80;
    const room = Math.max(1, (this.terminal.rows ?? 24) - 2);
    const lines = [...this.running].slice(-room).map((entry) => {
      const spinner = frames[this.frame % frames.length] ?? "";
      const time = duration(this.now() - entry.start);
      const text = `${entry.title}${entry.latest === "" ? "" : `: ${entry.latest}`}`;
      return `${this.colours.waiting(spinner)} ${fit(text, columns - time.length - 4)} ${this.colours.quiet(time)}`;
    });
    const wipe = this.drawn > 0 ? `\u001b[${String(this.drawn)}A\r\u001b[J` : "";
    const above = stays === undefined ? "" : `${stays}\n`;
    this.terminal.write(wipe + above + lines.map((line) => `${line}\n`).join(""));
    this.drawn = lines.length;
  }
}

/** Live lines on a terminal, plain lines elsewhere. */
export function progressFor(terminal: Terminal = process.stderr, environment = process.env): Progress {
  if (terminal.isTTY === true && environment["TERM"] !== "dumb") return new TerminalProgress(terminal);
  return plain((line) => terminal.write(`${line}\n`));
}
