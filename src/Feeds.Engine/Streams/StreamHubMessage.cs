using Feeds.Binance.Streams;

namespace Feeds.Engine.Streams;

/// <summary>Changes which streams the node takes.</summary>
/// <param name="Add">Streams to take from now on.</param>
/// <param name="Remove">Streams not to take any more.</param>
internal sealed record StreamHubMessage(IReadOnlyList<StreamName> Add, IReadOnlyList<StreamName> Remove);
