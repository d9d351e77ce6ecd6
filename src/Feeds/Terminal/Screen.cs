using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Feeds.Terminal;

/// <summary>Where output goes, and what it can show: a terminal, a pipe or a text.</summary>
internal sealed class Screen
{
    /// <summary>The width of what is no terminal, characters.</summary>
    public const int PlainWidth = 120;

    private Screen(IAnsiConsole console, bool isLive)
    {
        Console = console;
        IsLive = isLive;
    }

    /// <summary>The console to write to.</summary>
    public IAnsiConsole Console { get; }

    /// <summary>True when lines can be written over: a live table is possible.</summary>
    public bool IsLive { get; }

    /// <summary>The width, characters.</summary>
    public int Width => Console.Profile.Width;

    /// <summary>
    /// Returns standard output: colour and live tables only on a terminal, no colour with <c>NO_COLOR</c>.
    /// </summary>
    public static Screen OfProcess()
    {
        System.Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        bool dumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        bool terminal = !System.Console.IsOutputRedirected && !dumb;
        bool colour = terminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(System.Console.Out),
        });
        console.Profile.Capabilities.Unicode = true;
        if (!terminal) console.Profile.Width = ColumnsOfEnvironment() ?? PlainWidth;
        return new Screen(console, terminal);
    }

    /// <summary>Returns a screen that writes plain text of a width.</summary>
    public static Screen OfText(TextWriter writer, int width = PlainWidth)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        return new Screen(console, isLive: false);
    }

    private static int? ColumnsOfEnvironment() =>
        int.TryParse(
            Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture,
            out int columns)
        && columns is >= 20 and <= 1000 ? columns : null;
}
