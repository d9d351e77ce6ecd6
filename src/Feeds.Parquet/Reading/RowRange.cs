namespace Feeds.Parquet.Reading;

/// <summary>Rows of a row group that lie side by side.</summary>
/// <param name="First">The first row, counted in the row group from 0.</param>
/// <param name="Count">How many rows, 1 or more.</param>
public readonly record struct RowRange(long First, long Count);
