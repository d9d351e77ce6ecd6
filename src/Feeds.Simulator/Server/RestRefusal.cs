namespace Feeds.Simulator.Server;

/// <summary>Why a request is not answered.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="RetryAfterSeconds">For the <c>Retry-After</c> header; 0 for none.</param>
/// <param name="Body">The body, JSON or HTML.</param>
internal sealed record RestRefusal(int Status, int RetryAfterSeconds, string Body);
