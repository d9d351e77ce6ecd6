using System.Runtime.InteropServices;
using System.Text;
using Feeds.Core.Market;
using Feeds.Storage.Files;

namespace Feeds.Storage.Sinks;

/// <summary>What a row file holds, found by reading it once from end to end.</summary>
internal sealed class CsvFileScan
{
    private const int ChunkBytes = 1 << 20;

    // No row of ours comes near it; without a bound a file of another kind would be read into memory whole.
    private const int MaxLineBytes = 1 << 16;

    private static readonly byte[] HeaderBytes = Encoding.UTF8.GetBytes(FeedRowCsv.Header);

    private readonly Dictionary<string, long> _newestTicks;
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private bool _headerSeen;
    private long _zeroBytes;

    private CsvFileScan(Dictionary<string, long> newestTicks)
    {
        _newestTicks = newestTicks;
        _lookup = newestTicks.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>True when the first line is the header.</summary>
    public bool HasHeader { get; private set; }

    /// <summary>True when the file is empty, or holds the beginning of the header and nothing else but zeros.</summary>
    public bool IsEmpty { get; private set; }

    /// <summary>Bytes up to the end of the last whole line.</summary>
    public long GoodLength { get; private set; }

    /// <summary>Rows that were read.</summary>
    public long Rows { get; private set; }

    /// <summary>Bytes of whole lines after the header that are no rows; they are left as they are.</summary>
    public long ForeignBytes { get; private set; }

    /// <summary>Where the first of them begins.</summary>
    public long ForeignOffset { get; private set; }

    /// <summary>The tick of the first row, epoch ms; 0 without any.</summary>
    public long FirstTick { get; private set; }

    /// <summary>The tick of the last row, epoch ms; 0 without any.</summary>
    public long LastTick { get; private set; }

    /// <summary>
    /// Reads a file; the newest tick of each symbol goes into <paramref name="newestTicks"/> where it is newer.
    /// </summary>
    public static CsvFileScan Read(IStoredFile file, Dictionary<string, long> newestTicks)
    {
        CsvFileScan scan = new(newestTicks);
        byte[] buffer = new byte[ChunkBytes + MaxLineBytes];
        int held = 0;
        long offset = 0;
        while (true)
        {
            int read = file.Read(buffer.AsSpan(held, ChunkBytes), offset);
            if (read == 0)
            {
                scan.Finish(buffer.AsSpan(0, held));
                return scan;
            }

            offset += read;
            held += read;
            int used = scan.TakeLines(buffer.AsSpan(0, held));
            held -= used;
            if (held >= MaxLineBytes)
            {
                // Too long to be a line: what follows cannot be trusted to be rows either, so the writer refuses the
                // file.
                scan.HasHeader = false;
                return scan;
            }

            buffer.AsSpan(used, held).CopyTo(buffer);
        }
    }

    private int TakeLines(ReadOnlySpan<byte> bytes)
    {
        int start = 0;
        while (true)
        {
            int end = bytes[start..].IndexOf((byte)'\n');
            if (end < 0)
            {
                return start;
            }

            TakeLine(bytes.Slice(start, end), end + 1);
            start += end + 1;
        }
    }

    private void TakeLine(ReadOnlySpan<byte> line, int length)
    {
        // A power cut can leave a stretch of zeros where rows were: never taken as good.
        bool zeros = line.Contains((byte)0);
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        if (!_headerSeen)
        {
            _headerSeen = true;
            HasHeader = line.SequenceEqual(HeaderBytes);
            GoodLength += length;
            return;
        }

        if (zeros)
        {
            _zeroBytes += length;
            return;
        }

        if (_zeroBytes > 0)
        {
            TakeForeign(_zeroBytes);
            _zeroBytes = 0;
        }

        if (!TryTakeRow(line))
        {
            TakeForeign(length);
            return;
        }

        GoodLength += length;
    }

    private void TakeForeign(long length)
    {
        ForeignOffset = ForeignBytes == 0 ? GoodLength : ForeignOffset;
        ForeignBytes += length;
        GoodLength += length;
    }

    private bool TryTakeRow(ReadOnlySpan<byte> line)
    {
        Span<char> symbol = stackalloc char[Symbol.MaxLength];
        if (!FeedRowCsv.TryReadKey(line, out long tick, out ReadOnlySpan<byte> text)
            || !Encoding.UTF8.TryGetChars(text, symbol, out int length))
        {
            return false;
        }

        Rows++;
        FirstTick = FirstTick == 0 ? tick : FirstTick;
        LastTick = tick;
        ref long newest = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _lookup, symbol[..length], out _);
        newest = Math.Max(newest, tick);
        return true;
    }

    private void Finish(ReadOnlySpan<byte> rest)
    {
        IsEmpty = !_headerSeen && HeaderBytes.AsSpan().StartsWith(rest.TrimEnd((byte)0));
    }
}
