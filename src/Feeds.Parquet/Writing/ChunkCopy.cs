using System.Buffers;
using Feeds.Parquet.Format;
using Feeds.Parquet.Reading;

namespace Feeds.Parquet.Writing;

/// <summary>Takes a chunk out of a file as it is, so that another file can have it without anything being
/// decoded.</summary>
internal static class ChunkCopy
{
    private const int WindowBytes = 1 << 20;

    /// <summary>The bytes of a chunk with what its file says about it. <paramref name="ordered"/> is false when that
    /// file states no order, which makes its minima and maxima worthless.</summary>
    /// <exception cref="ParquetException">What the file says about the chunk cannot be.</exception>
    public static EncodedChunk Read(ColumnAddress address, bool ordered)
    {
        address.Validate();
        var from = address.Chunk;
        if (from.CompressedBytes > Array.MaxLength) throw address.Fail("it is too large to be copied", from.Start);
        var copy = new EncodedChunk();
        try
        {
            CopyBytes(address, copy);
            CopyMetadata(from, ordered, copy.Metadata);
            if (PageIndex.Load(address) is var (columns, offsets))
            {
                copy.ColumnIndex = ordered ? columns : null;
                foreach (var page in offsets) copy.Pages.Add(page with { Offset = page.Offset - from.Start });
            }

            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private static void CopyBytes(ColumnAddress address, EncodedChunk copy)
    {
        var window = ArrayPool<byte>.Shared.Rent(WindowBytes);
        try
        {
            for (long done = 0; done < address.Chunk.CompressedBytes;)
            {
                var count = (int)Math.Min(WindowBytes, address.Chunk.CompressedBytes - done);
                copy.Bytes.Write(address.Source.Read(address.Chunk.Start + done, count, window).Span);
                done += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    private static void CopyMetadata(ChunkMetadata from, bool ordered, ChunkMetadata to)
    {
        to.PhysicalType = from.PhysicalType;
        to.Encodings.AddRange(from.Encodings);
        to.Path.AddRange(from.Path);
        to.Codec = from.Codec;
        to.ValueCount = from.ValueCount;
        to.UncompressedBytes = from.UncompressedBytes;
        to.CompressedBytes = from.CompressedBytes;
        to.DataPageOffset = from.DataPageOffset - from.Start;
        to.DictionaryPageOffset = from.Start < from.DataPageOffset ? 0 : -1;
        to.Statistics = ordered || from.Statistics is null
            ? from.Statistics
            : new RawStatistics { NullCount = from.Statistics.NullCount };
        to.HasMetadata = true;
    }
}
