namespace Feeds.Actors.Supervision;

/// <summary>Judges the failures of one actor by its strategy. Used on the actor's loop alone.</summary>
internal sealed class Supervisor(SupervisorStrategy strategy, ActorSystem system, string path, bool atTop)
{
    private readonly RestartLedger _ledger = new(strategy, system.TimeProvider, new Random(SeedOf(system.Seed, path)));

    /// <summary>Notes that an instance takes messages from now on.</summary>
    public void Started() => _ledger.Started();

    /// <summary>Forgets earlier failures, as after an operator's restart.</summary>
    public void Clear() => _ledger.Clear();

    /// <summary>Returns how the incarnation ends after a failure; null when it goes on.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="running">True when the instance had started.</param>
    public Ending? Judge(Exception failure, bool running)
    {
        var directive = Decide(failure);
        if (directive == Directive.Resume && !running) directive = Directive.Restart;
        if (directive == Directive.Escalate && atTop) directive = Directive.Stop;
        system.Events.Failed(path, failure, directive);
        return directive switch
        {
            Directive.Resume => null,
            Directive.Restart => Restart(failure, running),
            Directive.Escalate => new Ending(Outcome.Escalate, failure),
            _ => new Ending(Outcome.Stop, failure),
        };
    }

    private static int SeedOf(int seed, string path)
    {
        // Each actor draws its own chance, the same in each run whatever the others do: FNV-1a over the path.
        var hash = unchecked((uint)seed ^ 2166136261);
        foreach (var letter in path) hash = unchecked((hash ^ letter) * 16777619);
        return unchecked((int)hash);
    }

    private Ending Restart(Exception failure, bool running)
    {
        if (_ledger.Fail(running) is { } delay) return new Ending(Outcome.Restart, failure, delay);
        var outcome = strategy.WhenExhausted == Exhaustion.Park ? Outcome.Park : Outcome.Stop;
        return new Ending(outcome, failure);
    }

    private Directive Decide(Exception failure)
    {
        try
        {
            return strategy.Decider(failure);
        }
#pragma warning disable CA1031 // Boundary: a decider that throws must not end the actor's loop; it is reported.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            system.Events.HookFailed(path, "Decider", broken);
            return Directive.Restart;
        }
    }
}
