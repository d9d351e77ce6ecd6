namespace Feeds.Engine.Context;

/// <summary>What is kept of a context symbol.</summary>
/// <param name="Bars">How many closed one-minute bars.</param>
/// <param name="NewestTime">Open time of the newest, epoch ms; 0 when there is none.</param>
internal sealed record ContextInspection(int Bars, long NewestTime);
