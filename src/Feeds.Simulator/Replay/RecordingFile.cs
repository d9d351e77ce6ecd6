using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Feeds.Core;

namespace Feeds.Simulator.Replay;

/// <summary>
/// Reads recorded files of any known format: raw captures (<c>receive time, blank, JSON</c>), cryptofeed's files
/// (<c>receive time: JSON</c>, and <c>url -&gt; time: JSON</c> for REST), and bars as CSV. All of it with or without
/// gzip, all in memory.
/// </summary>
internal static class RecordingFile
{
    /// <summary>Returns what a file holds, by symbol.</summary>
    /// <exception cref="FeedsException">The file cannot be read, or its format is not known.</exception>
    public static IReadOnlyCollection<Recording> Read(string path)
    {
        byte[] bytes = Load(path);
        string name = Path.GetFileName(path);
        if (name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".csv.gz", StringComparison.OrdinalIgnoreCase))
        {
            return [BarFile.Read(name, bytes)];
        }

        Dictionary<string, Recording> recordings = new(StringComparer.Ordinal);
        Messages(path, bytes, recordings);

        // cryptofeed keeps its REST snapshots in a file beside.
        string snapshots = path.Replace(".ws.1.0", ".http.0.0", StringComparison.Ordinal);
        if (snapshots != path && File.Exists(snapshots))
        {
            Messages(snapshots, Load(snapshots), recordings);
            foreach (Recording recording in recordings.Values)
            {
                // Two files are joined by time; what has the same time keeps its order.
                List<Record> joined = [.. recording.Records.OrderBy(static record => record.EventTime)];
                recording.Records.Clear();
                recording.Records.AddRange(joined);
            }
        }

        return recordings.Count > 0
            ? recordings.Values
            : throw new FeedsException($"recording {path}: holds no message of a known format");
    }

    private static byte[] Load(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using MemoryStream memory = new();
            if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            {
                using GZipStream unzip = new(file, CompressionMode.Decompress);
                unzip.CopyTo(memory);
            }
            else
            {
                file.CopyTo(memory);
            }

            return memory.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new FeedsException($"recording {path}: cannot be read ({e.Message})", e);
        }
    }

    private static void Messages(string path, byte[] bytes, Dictionary<string, Recording> recordings)
    {
        RecordReader reader = new();
        string only = "";
        List<(Record Record, int PriceDigits, int QuantityDigits)> unnamed = [];
        int number = 0;
        foreach (Range range in bytes.AsSpan().Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = bytes.AsSpan(range);
            number++;
            int open = line.IndexOf((byte)'{');
            if (open < 0)
            {
                continue; // cryptofeed's first line, blank lines
            }

            try
            {
                (Record record, string symbol, int priceDigits, int quantityDigits) = reader.Read(line[open..]);
                symbol = symbol.Length > 0 ? symbol : SymbolOf(line[..open]);
                if (record.Kind == RecordKind.Other)
                {
                    continue;
                }

                only = symbol.Length > 0 ? symbol : only;
                if (symbol.Length == 0)
                {
                    // A REST answer within a capture names no symbol: such a capture has one symbol only.
                    symbol = only;
                }

                if (symbol.Length == 0)
                {
                    unnamed.Add((record, priceDigits, quantityDigits));
                    continue;
                }

                foreach ((Record Record, int PriceDigits, int QuantityDigits) earlier in unnamed)
                {
                    Add(recordings, symbol, earlier.Record, earlier.PriceDigits, earlier.QuantityDigits);
                }

                unnamed.Clear();
                Add(recordings, symbol, record, priceDigits, quantityDigits);
            }
            catch (Exception e) when (
                e is JsonException or OverflowException or InvalidOperationException or FormatException)
            {
                throw new FeedsException(
                    FormattableString.Invariant($"recording {path}: line {number} is not a message ({e.Message})"), e);
            }
        }
    }

    private static void Add(
        Dictionary<string, Recording> recordings, string symbol, Record record, int priceDigits, int quantityDigits)
    {
        if (!recordings.TryGetValue(symbol, out Recording? recording))
        {
            recording = new Recording(symbol);
            recordings.Add(symbol, recording);
        }

        recording.Records.Add(record);
        recording.PriceDigits = Math.Max(recording.PriceDigits, priceDigits);
        recording.QuantityDigits = Math.Max(recording.QuantityDigits, quantityDigits);
    }

    // In cryptofeed's REST file the symbol stands in the address.
    private static string SymbolOf(ReadOnlySpan<byte> head)
    {
        int at = head.IndexOf("symbol="u8);
        if (at < 0)
        {
            return "";
        }

        ReadOnlySpan<byte> rest = head[(at + 7)..];
        int end = rest.IndexOfAny((byte)'&', (byte)' ');
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }
}
