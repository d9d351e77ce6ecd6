using Feeds.Core.Market;

namespace Feeds.Core.Catalogue;

/// <summary>A cell in which two rows of the golden vector differ.</summary>
/// <param name="Symbol">Whose rows.</param>
/// <param name="Time">Their tick, epoch ms.</param>
/// <param name="Column">The column.</param>
/// <param name="First">The value in the first row; NaN when it is unknown there.</param>
/// <param name="Second">The value in the second row.</param>
public sealed record FeatureDifference(Symbol Symbol, long Time, string Column, double First, double Second);
