using System.Collections.Immutable;
using Federation.Domain.Hosts;

namespace Federation.Host.Reporting;

/// <summary>What became of orders, until the service has taken it. For all threads.</summary>
internal sealed class AnswerOutbox
{
    // A console's answers are as large as what a VM writes; who waited for older ones has gone.
    private const int Most = 5000;

    private readonly Lock gate = new();
    private readonly OrderedDictionary<string, HostAnswer> waiting = [];

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>Puts an answer in; a newer one to the same order takes its place.</summary>
    public void Put(HostAnswer answer)
    {
        lock (gate)
        {
            waiting.Remove(answer.Operation);
            waiting.Add(answer.Operation, answer);
            while (waiting.Count > Most)
            {
                waiting.RemoveAt(0);
            }
        }
    }

    /// <summary>All that wait, oldest first.</summary>
    public ImmutableArray<HostAnswer> Look()
    {
        lock (gate)
        {
            return [.. waiting.Values];
        }
    }

    /// <summary>The service has taken these; one that was replaced meanwhile goes on waiting.</summary>
    public void Taken(ImmutableArray<HostAnswer> answers)
    {
        lock (gate)
        {
            foreach (var answer in answers.Where(answer => ReferenceEquals(waiting.GetValueOrDefault(answer.Operation), answer)))
            {
                waiting.Remove(answer.Operation);
            }
        }
    }
}
