namespace Feeds.Core.Books;

/// <summary>One level of a book side.</summary>
/// <param name="Price">Quote currency, above 0.</param>
/// <param name="Quantity">Base asset, at least 0.</param>
public readonly record struct PriceLevel(double Price, double Quantity);
