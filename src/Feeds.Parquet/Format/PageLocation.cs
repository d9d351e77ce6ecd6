namespace Feeds.Parquet.Format;

/// <summary>Where one data page lies: an entry of the offset index.</summary>
/// <param name="Offset">Byte position of the page's header in the file.</param>
/// <param name="Bytes">Header and compressed data together.</param>
/// <param name="FirstRow">The first row of the page, counted in its row group.</param>
internal readonly record struct PageLocation(long Offset, int Bytes, long FirstRow);
