using System.Text.Json;
using Feeds.Core;
using Feeds.Core.Market;

namespace Feeds.Commands.Bench;

/// <summary>A file of frames, one a line, in memory as bytes.</summary>
internal sealed class MessageFile
{
    private readonly byte[] _bytes;
    private readonly (int Start, int Length)[] _lines;
    private readonly long[] _receiveTimes;

    private MessageFile(
        string name, byte[] bytes, (int Start, int Length)[] lines, long[] receiveTimes, Symbol[] symbols)
    {
        Name = name;
        _bytes = bytes;
        _lines = lines;
        _receiveTimes = receiveTimes;
        Symbols = symbols;
    }

    /// <summary>The file's name without its folder.</summary>
    public string Name { get; }

    /// <summary>How many frames there are.</summary>
    public int Count => _lines.Length;

    /// <summary>Bytes of all frames.</summary>
    public long Bytes => _lines.Sum(static line => (long)line.Length);

    /// <summary>The symbols that the frames speak of, each once.</summary>
    public IReadOnlyList<Symbol> Symbols { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FeedsException">There is no such file, or no frame in it.</exception>
    public static MessageFile Load(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FeedsException($"{path}: {failure.Message}", failure);
        }

        List<(int Start, int Length)> lines = [];
        for (int start = 0; start < bytes.Length;)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            length = length < 0 ? bytes.Length - start : length;
            if (length > 0)
            {
                lines.Add((start, length));
            }

            start += length + 1;
        }

        if (lines.Count == 0)
        {
            throw new FeedsException($"{path}: holds no line");
        }

        long[] times = new long[lines.Count];
        HashSet<Symbol> symbols = [];
        for (int i = 0; i < times.Length; i++)
        {
            (string? symbol, long pushTime) = Look(bytes.AsSpan(lines[i].Start, lines[i].Length));
            if (Symbol.TryParse(symbol, out Symbol? known))
            {
                symbols.Add(known);
            }

            // As if each frame came 20 ms after it was sent, in the order of the file.
            times[i] = Math.Max(pushTime + 20, i == 0 ? 1 : times[i - 1]);
        }

        return new MessageFile(Path.GetFileName(path), bytes, [.. lines], times, [.. symbols]);
    }

    /// <summary>The bytes of a frame.</summary>
    public ReadOnlySpan<byte> Frame(int index) => _bytes.AsSpan(_lines[index].Start, _lines[index].Length);

    /// <summary>When a frame is taken to have been received, epoch ms.</summary>
    public long ReceiveTime(int index) => _receiveTimes[index];

    private static (string? Symbol, long PushTime) Look(ReadOnlySpan<byte> frame)
    {
        Utf8JsonReader reader = new(frame);
        string? symbol = null;
        long pushTime = 0;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                bool isSymbol = reader.ValueTextEquals("s"u8);
                bool isTime = reader.ValueTextEquals("E"u8);
                reader.Read();
                symbol = isSymbol && reader.TokenType == JsonTokenType.String ? reader.GetString() : symbol;
                pushTime = isTime && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long time)
                    ? time : pushTime;
            }
        }
        catch (JsonException)
        {
            // A broken line is measured as it is; it has no symbol of its own to add.
        }

        return (symbol, pushTime);
    }
}
