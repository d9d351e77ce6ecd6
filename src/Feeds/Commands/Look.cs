using Feeds.Terminal;
using Spectre.Console.Rendering;

namespace Feeds.Commands;

/// <summary>What a look at a node gave.</summary>
/// <param name="Answer">For machines: what is written as JSON.</param>
/// <param name="View">For people: how it looks on a screen.</param>
/// <param name="Code">The exit code that it stands for.</param>
internal sealed record Look(object Answer, Func<Screen, IRenderable> View, int Code = ExitCode.Ok);
