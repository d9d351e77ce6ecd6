using System.Buffers.Binary;
using Feeds.Core.Market;
using Feeds.Core.Numerics;

namespace Feeds.Storage.Journals;

/// <summary>The list of a file's blocks, and the trailer at the file's end that says where it is.</summary>
internal static class BlockIndex
{
    public const ushort Version = 1;

    public const int TrailerLength = 32;

    private const int EntryLength = 2 + 8 + 4 + 8 + 4 + 8 + 8 + 4;

    private static ReadOnlySpan<byte> TrailerMarker => "FEEDSEND"u8;

    public static void Write(IReadOnlyList<BlockEntry> entries, long lastPosition, StateWriter writer)
    {
        writer.WriteInt64(lastPosition);
        writer.WriteInt32(entries.Count);
        foreach (BlockEntry entry in entries)
        {
            writer.WriteByte((byte)entry.Kind);
            writer.WriteByte(0);
            writer.WriteInt64(entry.Offset);
            writer.WriteInt32(entry.Length);
            writer.WriteInt64(entry.FirstSequence);
            writer.WriteInt32(entry.Count);
            writer.WriteInt64(entry.FirstTime);
            writer.WriteInt64(entry.LastTime);
            writer.WriteString(entry.Symbol.Text);
        }
    }

    /// <exception cref="StateFormatException">The bytes end early or do not fit.</exception>
    /// <exception cref="JournalFormatException">A name is no symbol.</exception>
    public static (long LastPosition, IReadOnlyList<BlockEntry> Entries) Read(ReadOnlySpan<byte> content)
    {
        StateReader reader = new(content);
        long lastPosition = reader.ReadInt64();
        BlockEntry[] entries = new BlockEntry[reader.ReadCount(EntryLength)];
        Dictionary<string, Symbol> symbols = new(StringComparer.Ordinal);
        for (int i = 0; i < entries.Length; i++)
        {
            BlockKind kind = (BlockKind)reader.ReadByte();
            reader.ReadByte();
            long offset = reader.ReadInt64();
            int length = reader.ReadInt32();
            long firstSequence = reader.ReadInt64();
            int count = reader.ReadInt32();
            long firstTime = reader.ReadInt64();
            long lastTime = reader.ReadInt64();
            entries[i] = new BlockEntry(
                kind, offset, length, SymbolOf(reader.ReadString(), symbols), firstSequence, count, firstTime,
                lastTime);
        }

        return (lastPosition, entries);
    }

    public static void WriteTrailer(long indexOffset, int indexLength, Span<byte> output)
    {
        output.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(output, indexOffset);
        BinaryPrimitives.WriteInt32LittleEndian(output[8..], indexLength);
        TrailerMarker.CopyTo(output[16..]);
        BinaryPrimitives.WriteUInt32LittleEndian(output[28..], Checksum.Of(output[..28]));
    }

    public static bool TryReadTrailer(ReadOnlySpan<byte> bytes, out long indexOffset, out int indexLength)
    {
        indexOffset = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        indexLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        return bytes.Slice(16, 8).SequenceEqual(TrailerMarker)
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]) == Checksum.Of(bytes[..28]);
    }

    private static Symbol SymbolOf(string? text, Dictionary<string, Symbol> symbols)
    {
        if (!symbols.TryGetValue(text ?? string.Empty, out Symbol? symbol))
        {
            if (!Symbol.TryParse(text, out symbol, out string? error))
            {
                throw new JournalFormatException(error);
            }

            symbols.Add(text!, symbol);
        }

        return symbol;
    }
}
