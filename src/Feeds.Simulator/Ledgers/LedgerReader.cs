using System.Text;
using System.Text.Json;
using Feeds.Core;

namespace Feeds.Simulator.Ledgers;

/// <summary>
/// Reads the file of a ledger, also while the venue still writes it: a last line without its end is left out.
/// </summary>
public static class LedgerReader
{
    private const int Version = 2;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FeedsException">It cannot be read, or is no ledger of this version.</exception>
    public static LedgerAccount Read(string path, CancellationToken cancellationToken = default)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 20);
            using StreamReader lines = new(file, Encoding.UTF8);
            return Read(lines, path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FeedsException($"ledger = {path}: cannot be read ({e.Message})", e);
        }
    }

    private static LedgerAccount Read(StreamReader lines, string path, CancellationToken cancellationToken)
    {
        LedgerAccount? account = null;
        Dictionary<int, string> streams = [];
        long number = 0;
        string? line = lines.ReadLine();
        while (line is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string? next = lines.ReadLine();
            number++;
            try
            {
                account = Take(line, account, streams);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException
                or KeyNotFoundException)
            {
                // The end of the file may lie in the middle of a line that is being written.
                if (next is not null || account is null)
                {
                    throw new FeedsException(
                        FormattableString.Invariant(
                            $"ledger = {path}: line {number} is not a line of a ledger ({e.Message})"), e);
                }
            }

            line = next;
        }

        return account ?? throw new FeedsException($"ledger = {path}: is empty");
    }

    private static LedgerAccount Take(string line, LedgerAccount? account, Dictionary<int, string> streams)
    {
        if (!line.EndsWith(']'))
        {
            throw new FormatException("has no end");
        }

        LineReader cells = new(Encoding.UTF8.GetBytes(line));
        string kind = cells.Text();
        if (account is null)
        {
            long version = kind == "ledger" ? cells.Number() : 0;
            return version == Version
                ? new LedgerAccount(cells.Number())
                : throw new FormatException(FormattableString.Invariant($"must begin with [\"ledger\",{Version},…]"));
        }

        switch (kind)
        {
            case "stream":
                int at = (int)cells.Number();
                streams[at] = cells.Text();
                break;
            case "g":
                TakeMessage(account, streams, ref cells, isSent: false);
                break;
            case "s":
                cells.Number();
                TakeMessage(account, streams, ref cells, isSent: true);
                break;
            case "t":
                string symbol = cells.Text();
                account.Traded(
                    symbol, new LedgerTrades(cells.Number(), cells.Number(), cells.Number(), cells.Number()));
                break;
            case "end":
                account.EndTime = cells.Number();
                break;
            default:
                // Forced orders that the stream left out, notes, and what later versions add.
                break;
        }

        return account;
    }

    private static void TakeMessage(
        LedgerAccount account, Dictionary<int, string> streams, ref LineReader cells, bool isSent)
    {
        string stream = streams[(int)cells.Number()];
        (long id, long eventTime, bool isFinal) = (cells.Number(), cells.Number(), cells.Number() == 1);
        string first = cells.TextOrEmpty();
        if (!isFinal)
        {
            return;
        }

        if (isSent)
        {
            account.Sent(stream, cells.TextOrEmpty(), id, eventTime);
        }
        else
        {
            account.Generated(stream, first, id, eventTime);
        }
    }

    /// <summary>The elements of one line.</summary>
    private ref struct LineReader
    {
        private Utf8JsonReader _json;

        public LineReader(ReadOnlySpan<byte> line)
        {
            _json = new Utf8JsonReader(line);
            if (!_json.Read() || _json.TokenType != JsonTokenType.StartArray)
            {
                throw new FormatException("no array");
            }
        }

        public string Text() => _json.Read() ? _json.GetString()
            ?? throw new FormatException("no text") : throw new FormatException("too short");

        public long Number() => _json.Read() ? _json.GetInt64() : throw new FormatException("too short");

        public string TextOrEmpty() => _json.Read() && _json.TokenType == JsonTokenType.String
            ? _json.GetString()! : string.Empty;
    }
}
