using Feeds.Core.Market;

namespace Feeds.Engine.Context;

/// <summary>
/// A closed one-minute bar, of any symbol; bars of symbols that are nobody's context are passed over.
/// </summary>
/// <param name="Symbol">Whose bar.</param>
/// <param name="Bar">The bar.</param>
/// <param name="ReceiveTime">When it came, epoch ms.</param>
internal readonly record struct ContextMessage(Symbol Symbol, Bar Bar, long ReceiveTime);
