using System.Collections;

namespace Federation.Storage.Tests.Traffic;

/// <summary>A list that does something once, when its reader comes to an element.</summary>
internal sealed class ListWithHook<T>(T[] items, int at, Action hook) : IReadOnlyList<T>
{
    public int Count => items.Length;

    public T this[int index] => items[index];

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (i == at)
            {
                hook();
            }

            yield return items[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
