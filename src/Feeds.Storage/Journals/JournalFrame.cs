using System.Buffers.Binary;
using System.Text;
using Feeds.Core.Market;

namespace Feeds.Storage.Journals;

/// <summary>A frame that was read and found whole; its bytes are valid until the next one is read.</summary>
internal sealed class JournalFrame
{
    private readonly Dictionary<string, Symbol> _symbols = new(StringComparer.Ordinal);
    private readonly List<FrameEntry> _entries = [];

    /// <summary>The header.</summary>
    public FrameHeader Header { get; private set; }

    /// <summary>Where the frame begins in its file.</summary>
    public long Offset { get; private set; }

    /// <summary>The directory.</summary>
    public IReadOnlyList<FrameEntry> Entries => _entries;

    /// <summary>The events, one after the other.</summary>
    public ReadOnlyMemory<byte> Events { get; private set; }

    /// <summary>Takes a payload whose checksum was found good.</summary>
    /// <exception cref="JournalFormatException">The directory does not fit the header.</exception>
    public void Load(in FrameHeader header, long offset, ReadOnlyMemory<byte> payload)
    {
        Header = header;
        Offset = offset;
        Events = payload[..header.EventsLength];
        _entries.Clear();
        ReadOnlySpan<byte> directory = payload.Span[header.EventsLength..];
        long events = 0;
        for (int i = 0; i < header.SymbolCount; i++)
        {
            int nameLength = directory.Length > 0 ? directory[0] : 0;
            if (directory.Length < 13 + nameLength)
            {
                throw new JournalFormatException($"the directory of a frame ends within entry {i}");
            }

            long first = BinaryPrimitives.ReadInt64LittleEndian(directory[(1 + nameLength)..]);
            int count = BinaryPrimitives.ReadInt32LittleEndian(directory[(9 + nameLength)..]);
            if (count <= 0 || first <= 0 || first > long.MaxValue - count)
            {
                throw new JournalFormatException($"the directory of a frame has {count} events from sequence {first}");
            }

            _entries.Add(new FrameEntry(SymbolOf(directory.Slice(1, nameLength)), first, count));
            events += count;
            directory = directory[(13 + nameLength)..];
        }

        if (directory.Length > 0 || events != header.EventCount)
        {
            throw new JournalFormatException(
                $"the directory of a frame has {events} events where {header.EventCount} belong");
        }
    }

    private Symbol SymbolOf(ReadOnlySpan<byte> name)
    {
        string text = Encoding.UTF8.GetString(name);
        if (!_symbols.TryGetValue(text, out Symbol? symbol))
        {
            if (!Symbol.TryParse(text, out symbol, out string? error))
            {
                throw new JournalFormatException(error);
            }

            _symbols.Add(text, symbol);
        }

        return symbol;
    }
}
