import { type Binding, group } from './binding.ts';
import { any, control, letter, shifted, special } from './press.ts';

/** Keys that mean something on some kinds; where two share a letter, the kind decides. */
export const ACTIONS: readonly Binding[] = [
  ...group(
    'Actions',
    [['l', 'logs', letter('l'), { type: 'logs', previous: false }, 'logs', 7]],
    'log',
  ),
  ...group(
    'Actions',
    [['p', 'logs of the run before', letter('p'), { type: 'logs', previous: true }]],
    'log',
  ),
  ...group('Actions', [['o', 'node of a pod', letter('o'), { type: 'node' }]], 'pod'),
  ...group(
    'Actions',
    [['ctrl-k', 'kill a pod, at once', control('k'), { type: 'act', verb: 'kill' }]],
    'pod',
  ),
  ...group(
    'Actions',
    [['s', 'scale', letter('s'), { type: 'act', verb: 'scale' }, 'scale', 8]],
    'scalable',
  ),
  ...group(
    'Actions',
    [
      ['r', 'restart a workload', letter('r'), { type: 'act', verb: 'restart' }, 'restart', 8],
      ['i', 'set an image', letter('i'), { type: 'act', verb: 'image' }],
    ],
    'template',
  ),
  ...group(
    'Actions',
    [['ctrl-l', 'roll back to a replica set', control('l'), { type: 'act', verb: 'rollback' }]],
    'revision',
  ),
  ...group(
    'Actions',
    [
      ['c', 'cordon a node', letter('c'), { type: 'act', verb: 'cordon' }, 'cordon', 8],
      ['u', 'uncordon a node', letter('u'), { type: 'act', verb: 'uncordon' }],
      ['i', 'proxy rules of a node', letter('i'), { type: 'rules' }],
      ['r', 'drain a node', letter('r'), { type: 'act', verb: 'drain' }, 'drain', 8],
    ],
    'node',
  ),
  ...group(
    'Actions',
    [
      ['t', 'trigger a cron job', letter('t'), { type: 'act', verb: 'trigger' }],
      ['s', 'suspend or resume a cron job', letter('s'), { type: 'act', verb: 'suspend' }],
    ],
    'cron',
  ),
  ...group(
    'Actions',
    [['x', 'decode a secret', letter('x'), { type: 'object', page: 'decode' }]],
    'secret',
  ),
  ...group(
    'Actions',
    [['f', 'flows of a service', letter('f'), { type: 'page', page: 'flows' }, 'flows', 8]],
    'service',
  ),
  ...group(
    'Actions',
    [['u', 'what names it in its spec', letter('u'), { type: 'page', page: 'used-by' }]],
    'referable',
  ),
  ...group(
    'Actions',
    [
      [
        'ctrl-d',
        'delete, after asking',
        control('d'),
        { type: 'act', verb: 'delete' },
        'delete',
        12,
      ],
    ],
    'deletable',
  ),
  ...group(
    'Actions',
    [['ctrl-d', 'end a fault', control('d'), { type: 'heal' }, 'end', 8]],
    'fault',
  ),
];

export const TREES = group(
  'Lists',
  [['x', 'fold all branches, and unfold them', letter('x'), { type: 'fold' }, 'fold all', 9]],
  'tree',
);

export const TILES = group(
  'Lists',
  [
    ['tab', 'the next tile', special('tab'), { type: 'tile', by: 1 }, 'next', 2],
    ['shift-tab', 'the tile before', shifted('tab'), { type: 'tile', by: -1 }],
    [
      '→ l',
      'the tile to the right',
      any(special('rightArrow'), letter('l')),
      { type: 'pan', by: 1 },
    ],
    [
      '← h',
      'the tile to the left',
      any(special('leftArrow'), letter('h')),
      { type: 'pan', by: -1 },
    ],
  ],
  'tile',
);

export const EDIT = group(
  'Actions',
  [['e', 'edit as YAML', letter('e'), { type: 'edit' }, 'edit', 11]],
  'editable',
);
