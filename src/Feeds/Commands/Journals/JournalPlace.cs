using System.CommandLine;
using System.Globalization;
using Feeds.Configuration;
using Feeds.Storage.Journals;
using Symbol = Feeds.Core.Market.Symbol;

namespace Feeds.Commands.Journals;

/// <summary>The options that say which journal, and which part of it.</summary>
internal sealed class JournalPlace
{
    private readonly Option<string> _dataDir = new("--data-dir")
    {
        Description = "The node's data folder; its journal is in DIR/journal, its rows in DIR/feeds_log.csv",
        HelpName = "DIR",
        DefaultValueFactory = static _ => "data",
    };

    private readonly Option<string?> _from = new(
        "--from")
    { Description = "The first tick, such as 2026-11-21T03:30:00Z", HelpName = "TIME" };

    private readonly Option<string?> _to = new("--to") { Description = "The last tick", HelpName = "TIME" };

    private readonly Option<string?> _symbols = new(
        "--symbols")
    { Description = "Only these symbols, with commas", HelpName = "A,B" };

    /// <summary>
    /// Adds <c>--data-dir</c> to a command, and with <paramref name="part"/> also <c>--from --to --symbols</c>.
    /// </summary>
    public void AddTo(Command command, bool part)
    {
        command.Options.Add(_dataDir);
        if (part)
        {
            command.Options.Add(_from);
            command.Options.Add(_to);
            command.Options.Add(_symbols);
        }
    }

    /// <summary>Returns the folder of the journal.</summary>
    /// <exception cref="ConfigurationException">There is no journal.</exception>
    public string Folder(ParseResult parsed)
    {
        string folder = Path.Combine(parsed.GetValue(_dataDir)!, "journal");
        return new JournalReader(folder).Exists
            ? folder
            : throw new ConfigurationException(
                $"--data-dir = {parsed.GetValue(_dataDir)}: there is no journal in {folder}");
    }

    /// <summary>Returns the row file.</summary>
    public string Rows(ParseResult parsed) => Path.Combine(parsed.GetValue(_dataDir)!, "feeds_log.csv");

    /// <summary>Returns the first and the last tick, epoch ms; the ends of time where none is given.</summary>
    /// <exception cref="ConfigurationException">One is no time, or the first is after the last.</exception>
    public (long From, long To) Span(ParseResult parsed)
    {
        long from = Time("--from", parsed.GetValue(_from)) ?? 0;
        long to = Time("--to", parsed.GetValue(_to)) ?? long.MaxValue;
        return from <= to
            ? (from, to)
            : throw new ConfigurationException(
                $"--from = {parsed.GetValue(_from)}: is after --to = {parsed.GetValue(_to)}");
    }

    /// <summary>Returns the symbols; null for all.</summary>
    /// <exception cref="ConfigurationException">The journal holds nothing of one of them.</exception>
    public IReadOnlyCollection<Symbol>? Symbols(ParseResult parsed, string folder)
    {
        if (Symbols("--symbols", parsed.GetValue(_symbols)) is not { } symbols)
        {
            return null;
        }

        HashSet<Symbol> known = [.. new JournalReader(folder).Symbols()];
        return symbols.FirstOrDefault(symbol => !known.Contains(symbol)) is { } absent
            ? throw new ConfigurationException($"--symbols = {absent}: the journal in {folder} holds nothing of it")
            : symbols;
    }

    /// <summary>Returns the symbols that an option's text names, with commas; null without one.</summary>
    /// <exception cref="ConfigurationException">One is no symbol, or there is none.</exception>
    public static IReadOnlyCollection<Symbol>? Symbols(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        List<Symbol> symbols = [];
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            symbols.Add(Symbol.TryParse(name, out Symbol? symbol, out string? error)
                ? symbol
                : throw new ConfigurationException($"{option}: {error}"));
        }

        return symbols.Count > 0 ? symbols : throw new ConfigurationException($"{option}: names none");
    }

    /// <summary>Returns a time as people write it.</summary>
    public static string Text(long time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time).ToString(
            "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static long? Time(string option, string? text)
    {
        if (text is null)
        {
            return null;
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset time)
            ? time.ToUnixTimeMilliseconds()
            : throw new ConfigurationException($"{option} = {text}: must be a time such as 2026-11-21T03:30:00Z");
    }
}
